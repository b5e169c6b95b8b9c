import { setTimeout as sleep } from 'node:timers/promises';
import type { ProxyTracerProvider, Tracer, TracerProvider } from '@opentelemetry/api';
import { SCHEMA_URL } from './semantic-conventions';

// Of the package, two folders up from where this is compiled to.
const { version } = require('../../package.json') as { version: string };

/** Who makes the spans. */
export const scope = { name: 'azfunc-extension-tracing', version };

/** Providers that have been flushed. More than one part of the app may use the same. */
const flushed = new WeakSet<TracerProvider>();

/**
 * The extension's tracer.
 *
 * @returns Nothing, if the provider is the global one and no SDK is registered behind it.
 */
export function tracerOf(provider: TracerProvider): Tracer | undefined {
  const { name } = scope;
  const options = { schemaUrl: SCHEMA_URL };
  return isProxy(provider)
    ? provider.getDelegateTracer(name, version, options)
    : provider.getTracer(name, version, options);
}

/**
 * Sends the spans that have ended, where the provider is able to.
 *
 * @param timeout How long to wait for it, in milliseconds.
 * @throws What sending fails with, or Error if it takes too long.
 */
export async function flush(provider: TracerProvider, timeout: number): Promise<void> {
  const sdk: TracerProvider & { forceFlush?(): Promise<void> } = isProxy(provider)
    ? provider.getDelegate()
    : provider;
  if (!sdk.forceFlush || flushed.has(provider)) {
    return;
  }
  flushed.add(provider);
  const timer = new AbortController();
  const tooLate = async () => {
    await sleep(timeout, undefined, { signal: timer.signal });
    throw new Error(`The spans were not sent within ${timeout} ms.`);
  };
  try {
    await Promise.race([sdk.forceFlush(), tooLate()]);
  } finally {
    timer.abort();
  }
}

/** Not by `instanceof`, which fails where the app has a second copy of the API. */
function isProxy(provider: TracerProvider): provider is ProxyTracerProvider {
  return 'getDelegateTracer' in provider;
}
