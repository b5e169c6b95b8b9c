import { type Context, propagation, ROOT_CONTEXT, type TextMapGetter } from '@opentelemetry/api';

/** What carries baggage: the headers of a request, or the properties of a message. */
export type Carrier = Pick<Headers, 'get' | 'keys'> | Readonly<Record<string, unknown>>;

/**
 * Adds the baggage that a caller has sent, read by the propagator that the app uses for its own requests.
 * Of the rest that it reads there is nothing to take: the parent is the Functions host's to tell.
 */
export function withBaggage(context: Context, carrier: Carrier): Context {
  const baggage = propagation.getBaggage(propagation.extract(ROOT_CONTEXT, carrier, getter));
  return baggage ? propagation.setBaggage(context, baggage) : context;
}

const getter: TextMapGetter<Carrier> = {
  keys: (carrier) => (isHeaders(carrier) ? [...carrier.keys()] : Object.keys(carrier)),
  get: (carrier, name) => {
    const value = isHeaders(carrier) ? carrier.get(name) : carrier[name];
    return typeof value === 'string' ? value : undefined;
  },
};

function isHeaders(carrier: Carrier): carrier is Pick<Headers, 'get' | 'keys'> {
  return typeof carrier.get === 'function';
}
