import assert from 'node:assert/strict';
import { type InvocationMeasures, measureInvocations } from '../bench/invocation-times.js';

describe('what an extension costs an invocation', () => {
  let measures: InvocationMeasures;

  before(async () => {
    measures = await measureInvocations();
    console.table(measures);
  });

  // The machine may be busy with other tests. `npm run bench` has the limits that hold on an idle one.
  it('is about that of hooks by hand, and the number of functions does not matter', () => {
    const { byHand, timer, functionTimer } = measures;
    const ratio = (one: number | undefined, other: number | undefined) =>
      Number(one) / Number(other);
    assert.ok(ratio(timer[1], byHand[1]) <= 1.5);
    assert.ok(ratio(functionTimer[1], byHand[1]) <= 1.5);
    assert.ok(ratio(timer[20], byHand[20]) <= 1.5);
    assert.ok(ratio(functionTimer[1000], functionTimer[10]) <= 1.5);
  });
});
