import assert from 'node:assert/strict';
import { measureInvocations } from '../bench/invocation-times.js';

function assertAbout(time: number | undefined, other: number | undefined): void {
  assert.ok(Number(time) <= 1.5 * Number(other), `${time} µs, and not about ${other} µs`);
}

describe('what an extension costs an invocation', () => {
  it('is about that of hooks by hand, and the number of functions does not matter', async function () {
    // Other processes may disturb a measurement, so the limits are wide, and it may be taken again.
    // `npm run bench` has those that hold on an idle machine.
    this.retries(2);
    const { byHand, timer, functionTimer } = await measureInvocations();
    assertAbout(timer[1], byHand[1]);
    assertAbout(functionTimer[1], byHand[1]);
    assertAbout(timer[20], byHand[20]);
    assertAbout(functionTimer[1000], functionTimer[10]);
  });
});
