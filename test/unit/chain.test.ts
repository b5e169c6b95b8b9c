import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { golden } from '../../tools/golden/golden.js';
import { root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';

type Next = () => Promise<unknown>;
type Around = (context: { inputs: unknown[] }, next: Next) => unknown;

interface Emitted {
  AppExtensionBase: new () => object;
  invoke(invocation: { handler: () => unknown }): Promise<{ result: unknown; error: unknown }>;
}

/** What an extension may do, well or badly. */
const BEHAVIOURS = [
  'passes on',
  'looks on',
  'answers early',
  'fails before',
  'fails after',
  'fails without waiting',
  'answers errors',
  'wraps errors',
  'fails on errors',
] as const;

interface Described {
  place: number;
  failClosed: boolean;
  behaviour: (typeof BEHAVIOURS)[number];
}

class Broken extends Error {}

/** Is what `description` says. */
function aroundOf({ behaviour }: Described, index: number): Around {
  return async (_, next) => {
    switch (behaviour) {
      case 'passes on':
        return next();
      case 'looks on':
        await next();
        return undefined;
      case 'answers early':
        return `early ${index}`;
      case 'fails before':
        throw new Broken();
      case 'fails after':
        await next();
        throw new Broken();
      case 'fails without waiting':
        void next();
        throw new Broken();
      case 'answers errors':
        return next().catch(() => `answered ${index}`);
      case 'wraps errors':
        return next().catch((cause: unknown) => {
          throw new Error(`wrapped ${index}`, { cause });
        });
      case 'fails on errors':
        return next().catch(() => {
          throw new Broken();
        });
    }
  };
}

type Outcome = { value: string } | { error: string };

/** What has to come of it: the contract, without promises. */
function expected(
  chain: readonly [Described, number][],
  inner: Outcome,
): { outcome: Outcome; calls: number } {
  const [first, ...others] = chain;
  if (!first) {
    return { outcome: inner, calls: 1 };
  }
  const [{ behaviour, failClosed }, index] = first;
  const { outcome, calls } = expected(others, inner);
  const failed = 'error' in outcome;
  const refused = { outcome: { error: 'refused' }, calls };
  switch (behaviour) {
    case 'passes on':
    case 'looks on':
      return { outcome, calls };
    case 'answers early':
      return { outcome: { value: `early ${index}` }, calls: 0 };
    case 'fails before':
      return failClosed ? { ...refused, calls: 0 } : { outcome, calls };
    case 'fails after':
      return failClosed && !failed ? refused : { outcome, calls };
    case 'fails without waiting':
      return failClosed ? refused : { outcome, calls };
    case 'answers errors':
      return { outcome: failed ? { value: `answered ${index}` } : outcome, calls };
    case 'wraps errors':
      return { outcome: failed ? { error: `wrapped ${index}` } : outcome, calls };
    case 'fails on errors':
      return failed && failClosed ? refused : { outcome, calls };
  }
}

describe('aroundInvocation, of any extensions in any order', function () {
  this.timeout(60_000);
  let emitted: Emitted;

  before(async () => {
    // What is emitted, as it is in golden/.
    const outfile = join(newFolder('chain'), 'emitted.cjs');
    await build({
      stdin: {
        contents: `export { invoke } from './test/worker';
          export { AppExtensionBase } from './src/worker-extension/app-extension-base';`,
        resolveDir: join(golden, 'typescript-timer-app/extension'),
        loader: 'ts',
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['@azure/functions-core'],
      nodePaths: [join(root, 'node_modules')],
    });
    emitted = createRequire(import.meta.url)(outfile) as Emitted;
  });

  it('gives what the contract says, and calls the function once at most', async () => {
    const described = fc.record({
      place: fc.integer({ min: 1, max: 4 }),
      failClosed: fc.boolean(),
      behaviour: fc.constantFrom(...BEHAVIOURS),
    });
    const property = fc.asyncProperty(
      fc.array(described, { maxLength: 6 }),
      fc.boolean(),
      async (extensions, fails) => {
        const on = extensions.map((one, index) => {
          const around = aroundOf(one, index);
          const { AppExtensionBase } = emitted;
          class Testing extends AppExtensionBase {
            static failClosed = one.failClosed;
            static place = one.place;
            aroundInvocation(context: { inputs: unknown[] }, next: Next): unknown {
              return around(context, next);
            }
          }
          const extension = Testing as unknown as { register(): void; dispose(): void };
          extension.register();
          return extension;
        });
        let calls = 0;
        const { result, error } = await emitted.invoke({
          handler: () => {
            calls += 1;
            if (fails) {
              throw new Error('of the function');
            }
            return 'value';
          },
        });
        on.forEach((extension) => extension.dispose());

        const chain = [...extensions.entries()]
          .map(([index, one]) => [one, index] as [Described, number])
          .sort(([one], [other]) => one.place - other.place);
        const should = expected(chain, fails ? { error: 'of the function' } : { value: 'value' });
        const message = (error as Error | null)?.message ?? '';
        const outcome =
          error === null
            ? { value: result }
            : { error: /so the invocation is refused/.test(message) ? 'refused' : message };
        assert.deepEqual({ outcome, calls }, should);
      },
    );
    await fc.assert(property, { numRuns: 400 });
  });
});
