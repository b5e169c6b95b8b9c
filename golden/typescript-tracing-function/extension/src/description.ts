import type { Attributes, Link, SpanKind } from '@opentelemetry/api';

/** What is known of a span before it starts. */
export interface Description {
  name: string;
  kind: SpanKind;
  attributes: Attributes;
  links?: Link[];
}

/** What the conventions for one kind of trigger add to the description of an invocation. */
export type Details = Partial<Description>;
