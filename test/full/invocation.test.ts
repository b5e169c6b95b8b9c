import assert from 'node:assert/strict';
import { type InvocationMeasures, measureInvocations } from '../bench/invocation-times.js';

describe('what an extension costs an invocation', function () {
  // What is measured is medians, but the machine may be busy for longer than that evens out.
  this.retries(2);
  let measures: InvocationMeasures;

  beforeEach(async () => {
    measures = await measureInvocations();
  });
  after(() => console.table(measures));

  it('is that of hooks by hand, and the number of functions does not matter', () => {
    const { byHand, timer, functionTimer } = measures;
    const ratio = (one: number | undefined, other: number | undefined) =>
      Number(one) / Number(other);
    assert.ok(ratio(timer[1], byHand[1]) <= 1.1);
    assert.ok(ratio(functionTimer[1], byHand[1]) <= 1.2);
    assert.ok(ratio(timer[20], byHand[20]) <= 1.2);
    assert.ok(ratio(timer[20], timer[5]) <= 8);
    assert.ok(ratio(functionTimer[1000], functionTimer[10]) <= 1.3);
  });
});
