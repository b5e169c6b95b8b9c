import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { parentOf } from '../src/trace-parent';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';

describe('parentOf', () => {
  for (const [traceParent, traceFlags] of [
    [`00-${TRACE_ID}-${SPAN_ID}-00`, TraceFlags.NONE],
    [`00-${TRACE_ID}-${SPAN_ID}-01`, TraceFlags.SAMPLED],
    [`00-${TRACE_ID}-${SPAN_ID}-02`, TraceFlags.NONE],
    [`00-${TRACE_ID}-${SPAN_ID}-ff`, TraceFlags.SAMPLED],
    [`01-${TRACE_ID}-${SPAN_ID}-01`, TraceFlags.SAMPLED],
    [`01-${TRACE_ID}-${SPAN_ID}-01-more`, TraceFlags.SAMPLED],
  ] as const) {
    it(`reads ${traceParent}`, () => {
      assert.deepEqual(trace.getSpanContext(parentOf({ traceParent })), {
        traceId: TRACE_ID,
        spanId: SPAN_ID,
        traceFlags,
        isRemote: true,
      });
    });
  }

  it('reads the state that belongs to it', () => {
    const traceParent = `00-${TRACE_ID}-${SPAN_ID}-01`;
    const parent = trace.getSpanContext(parentOf({ traceParent, traceState: 'one=1,two=2' }));
    assert.equal(parent?.traceState?.get('two'), '2');
    assert.equal(parent.traceState.serialize(), 'one=1,two=2');
  });

  for (const traceParent of [
    undefined,
    '',
    'nonsense',
    `00-${TRACE_ID}-${SPAN_ID}`,
    `00-${TRACE_ID}-${SPAN_ID}-1`,
    `00-${TRACE_ID}-${SPAN_ID}-01-more`,
    `01-${TRACE_ID}-${SPAN_ID}-01more`,
    `ff-${TRACE_ID}-${SPAN_ID}-01`,
    `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`,
    `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    ` 00-${TRACE_ID}-${SPAN_ID}-01`,
  ]) {
    it(`finds no parent in ${JSON.stringify(traceParent) ?? 'nothing'}`, () => {
      assert.equal(parentOf({ traceParent, traceState: 'one=1' }), ROOT_CONTEXT);
    });
  }

  it('finds no parent where the host has sent no trace context', () => {
    assert.equal(parentOf(undefined), ROOT_CONTEXT);
  });
});
