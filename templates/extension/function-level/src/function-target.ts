import type { InvocationContext } from '@azure/functions';

/**
 * The functions that an extension is for: the name of one, a list of names, or a predicate that is
 * asked before each invocation. The case of names does not matter.
 */
export type FunctionTarget = string | readonly string[] | ((context: InvocationContext) => boolean);

interface Predicate<T> {
  matches: (context: InvocationContext) => boolean;
  value: T;
  position: number;
}

/**
 * Finds what is meant for an invocation: of the values whose target matches it, the one added last.
 * Names are looked up and not searched, so their number does not slow an invocation down.
 */
export class TargetMap<T> {
  readonly #entries: (readonly [FunctionTarget, T])[] = [];
  readonly #names = new Map<string, { value: T; position: number }>();
  readonly #predicates: Predicate<T>[] = [];

  add(target: FunctionTarget, value: T): void {
    const position = this.#entries.push([target, value]);
    if (typeof target === 'function') {
      this.#predicates.push({ matches: target, value, position });
    } else {
      for (const name of [target].flat()) {
        this.#names.set(name.toLowerCase(), { value, position });
      }
    }
  }

  delete(value: T): void {
    const others = this.#entries.splice(0).filter(([, other]) => other !== value);
    this.#names.clear();
    this.#predicates.splice(0);
    others.forEach(([target, other]) => this.add(target, other));
  }

  values(): T[] {
    return this.#entries.map(([, value]) => value);
  }

  find(context: InvocationContext): T | undefined {
    const named = this.#names.get(context.functionName.toLowerCase());
    const after = named?.position ?? 0;
    const asked = this.#predicates.findLast(
      ({ position, matches }) => position > after && matches(context) === true,
    );
    return (asked ?? named)?.value;
  }
}
