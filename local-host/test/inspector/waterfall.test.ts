import assert from 'node:assert/strict';
import type { HookRan, InvocationEvent } from '../../src/inspector/events.js';
import { waterfall, Waterfalls } from '../../src/inspector/waterfall.js';

const invocation = 'id';
const hook = (name: string, start: number, end: number, more: Partial<HookRan> = {}): HookRan => ({
  type: 'hookRan',
  invocation,
  name,
  hook: name,
  extension: 'package/Extension',
  package: { name: 'package', version: '1.0.0' },
  start,
  end,
  next: [{ start, end }],
  changes: [],
  isSwallowed: false,
  ...more,
});
const started: InvocationEvent = {
  type: 'invocationStarted',
  invocation,
  at: 0,
  function: 'HttpTrigger',
  trigger: 'httpTrigger',
  request: { method: 'GET', url: 'http://127.0.0.1:7071/api/HttpTrigger?a=1', headers: {} },
  traceParent: '',
  isWatched: true,
};
const ended: InvocationEvent = {
  type: 'invocationEnded',
  invocation,
  at: 20,
  outcome: 'succeeded',
  outputs: [],
};
const functionRan: InvocationEvent = {
  type: 'functionRan',
  invocation,
  name: 'HttpTrigger',
  start: 8,
  end: 12,
  inputs: [],
};
const response: InvocationEvent[] = [
  { type: 'responseStarted', invocation, at: 20, status: 200, headers: {} },
  {
    type: 'responseEnded',
    invocation,
    at: 24,
    status: 200,
    isComplete: true,
    body: { bytes: 5, isCut: false },
  },
];

describe('waterfall', () => {
  it('has a line for each hook, the function, what is logged, and the response', () => {
    const events: InvocationEvent[] = [
      started,
      hook('Outer.preInvocation', 1, 2),
      { type: 'logged', invocation, at: 9, level: 'information', message: 'two\nlines\u001b[2J' },
      functionRan,
      hook('Inner.aroundInvocation', 6, 14, { changes: [{ what: 'result', after: 'a' }] }),
      hook('Outer.aroundInvocation', 4, 16),
      hook('postInvocation', 17, 18, {
        extension: undefined,
        location: 'src/index.js:7:5',
      } as object),
      ended,
      ...response,
    ];
    assert.equal(
      waterfall(events),
      `HttpTrigger  GET /api/HttpTrigger?a=1  200, 24.00 ms
     1.00 ms  Outer.preInvocation                |${' '}━                      |     1.00 ms
     4.00 ms  Outer.aroundInvocation             |    ━━━━━━━━━━━━        |    12.00 ms
     6.00 ms    Inner.aroundInvocation           |      ━━━━━━━━          |     8.00 ms  changes result
     8.00 ms      HttpTrigger                    |        ━━━━            |     4.00 ms
     9.00 ms  information: two lines[2J
    17.00 ms  postInvocation (src/index.js:7:5)  |                 ━      |     1.00 ms
    20.00 ms  response                           |                    ━━━━|     4.00 ms  5 bytes
`,
    );
  });

  it('says who answers in place of the function', () => {
    const guard = hook('GuardExtension.aroundInvocation', 1, 2, {
      next: [],
      changes: [{ what: 'result', after: { status: 401 } }],
    });
    const text = waterfall([started, guard, ended, ...response]);
    assert.match(text, /200, 24\.00 ms, the function has not run\n/);
    assert.match(text, /GuardExtension.* changes result; answers in place of the function\n/);
  });

  it('says what has failed, and what was skipped', () => {
    const error = { message: 'no luck', detail: 'Error: no luck' };
    const failing = hook('A.aroundInvocation', 1, 2, { error, isSwallowed: true });
    const text = waterfall([
      { ...started, request: undefined } as unknown as InvocationEvent,
      failing,
      { ...functionRan, error },
      { ...ended, outcome: 'failed', error },
    ]);
    assert.match(text, /^HttpTrigger  httpTrigger  failed, 20\.00 ms, failed: no luck\n/);
    assert.match(text, /A\.aroundInvocation .*fails and is skipped: no luck\n/);
    assert.match(text, /HttpTrigger +\|.*fails: no luck\n/);
  });

  it('is printed when both the invocation and its response are over', () => {
    const printed: string[] = [];
    const waterfalls = new Waterfalls((text) => printed.push(text));
    waterfalls.add({ ...ended, invocation: 'begun before' });
    [started, functionRan, ended].forEach((event) => waterfalls.add(event));
    assert.equal(printed.length, 0);
    response.forEach((event) => waterfalls.add(event));
    assert.equal(printed.length, 1);
  });
});
