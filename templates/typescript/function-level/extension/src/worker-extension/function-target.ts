import type { InvocationContext } from '@azure/functions';
import { type Named, report } from './hooks';

/**
 * The functions that an extension is for: the name of one in any case, a filter, a predicate that
 * is asked before each invocation, or a list, of which one has to match.
 */
export type FunctionTarget =
  string | FunctionFilter | ((context: InvocationContext) => boolean) | readonly FunctionTarget[];

/** What is given has to hold; an empty filter is for all functions. */
export interface FunctionFilter {
  /** Type of the function's trigger, or a list of which it has to be one. */
  trigger?: TriggerType | readonly TriggerType[];
  /** Functions to leave out. */
  except?: FunctionTarget;
}

/**
 * The type of a trigger, as in `context.options.trigger.type`. It may be any text, for triggers
 * that `app.generic()` registers. `string & {}` allows that, and lets editors propose the others.
 */
export type TriggerType =
  | 'activityTrigger'
  | 'blobTrigger'
  | 'cosmosDBTrigger'
  | 'entityTrigger'
  | 'eventGridTrigger'
  | 'eventHubTrigger'
  | 'httpTrigger'
  | 'mcpToolTrigger'
  | 'mysqlTrigger'
  | 'orchestrationTrigger'
  | 'queueTrigger'
  | 'serviceBusTrigger'
  | 'sqlTrigger'
  | 'timerTrigger'
  | 'warmupTrigger'
  | 'webPubSubTrigger'
  | (string & {});

function matches(target: FunctionTarget, context: InvocationContext): boolean {
  if (typeof target === 'string') {
    return isSame(target, context.functionName);
  }
  if (typeof target === 'function') {
    const answer: unknown = target(context);
    if (answer instanceof Object && 'then' in answer) {
      throw new TypeError('A predicate has to answer at once, and not by a promise.');
    }
    return Boolean(answer);
  }
  if (isList(target)) {
    return target.some((one) => matches(one, context));
  }
  const { trigger, except = [] } = target;
  const isOfType =
    trigger === undefined ||
    [trigger].flat().some((type) => isSame(type, context.options.trigger.type));
  return isOfType && !matches(except, context);
}

function isSame(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}

/** Unlike `Array.isArray`, this knows lists that are readonly. */
function isList(target: FunctionTarget): target is readonly FunctionTarget[] {
  return Array.isArray(target);
}

/** @throws TypeError for what no function can match. */
function refuseEmpty(target: FunctionTarget, name: string): void {
  const isEmpty = isList(target)
    ? target.length === 0
    : typeof target === 'string'
      ? target.trim() === ''
      : typeof target === 'object' &&
        isList([target.trigger ?? '-'].flat()) &&
        [target.trigger ?? '-'].flat().length === 0;
  if (isEmpty) {
    throw new TypeError(`${name} is for no function: its target is empty.`);
  }
  if (isList(target)) {
    target.forEach((one) => refuseEmpty(one, name));
  }
}

/** A predicate names nothing. */
function namedBy(target: FunctionTarget): Named[] {
  if (typeof target === 'string') {
    return [{ functions: [target], triggers: [] }];
  }
  if (typeof target === 'function') {
    return [];
  }
  if (isList(target)) {
    return target.flatMap(namedBy);
  }
  const { trigger, except = [] } = target;
  const triggers = trigger === undefined ? [] : [[trigger].flat()];
  return [{ functions: [], triggers }, ...namedBy(except)];
}

interface Entry<T> {
  target: FunctionTarget;
  value: T;
  position: number;
}

/**
 * Finds what is meant for an invocation: of the values whose target matches it, the one added last.
 * Names are looked up and not searched, so their number does not slow an invocation down.
 */
export class TargetMap<T> {
  readonly #added: (readonly [FunctionTarget, T])[] = [];
  readonly #names = new Map<string, Entry<T>>();
  readonly #others: Entry<T>[] = [];

  /** Targets that have matched, and whether anything was looked for. */
  readonly #used = new Set<FunctionTarget>();
  #wasAsked = false;

  /**
   * @param extension `failClosed`: whether `find` throws where a predicate does. Else that target does not
   *   match, and the error is logged.
   */
  constructor(
    private readonly extension: { readonly name: string; readonly failClosed: boolean },
  ) {}

  /** @throws TypeError for a target that no function can match. */
  add(target: FunctionTarget, value: T): void {
    refuseEmpty(target, this.extension.name);
    const position = this.#added.push([target, value]);
    for (const one of isList(target) ? target : [target]) {
      const entry = { target: one, value, position };
      if (typeof one === 'string') {
        this.#names.set(one.toLowerCase(), entry);
      } else {
        this.#others.push(entry);
      }
    }
  }

  delete(value: T): void {
    const others = this.#added.splice(0).filter(([, other]) => other !== value);
    this.#names.clear();
    this.#others.splice(0);
    others.forEach(([target, other]) => this.add(target, other));
  }

  values(): T[] {
    return this.#added.map(([, value]) => value);
  }

  /** What the targets name. It may be misspelt. */
  named(): Named {
    const named = this.#added.flatMap(([target]) => namedBy(target));
    return {
      functions: named.flatMap(({ functions }) => functions),
      triggers: named.flatMap(({ triggers }) => triggers),
    };
  }

  /** @throws What a predicate throws, if the extension fails closed. */
  find(context: InvocationContext): T | undefined {
    this.#wasAsked = true;
    const named = this.#names.get(context.functionName.toLowerCase());
    const after = named?.position ?? 0;
    const other = this.#others.findLast(
      ({ position, target }) => position > after && this.#matches(target, context),
    );
    const found = other ?? named;
    if (found) {
      this.#used.add(found.target);
    }
    return found?.value;
  }

  /** Says which targets have matched no invocation. A name may be misspelt. */
  reportUnused(): void {
    const unused = this.#added
      .flatMap(([target]) => target)
      .filter((one) => typeof one === 'string' && !this.#used.has(one));
    if (this.#wasAsked && unused.length > 0) {
      console.warn(`${this.extension.name} has matched no invocation of: ${unused.join(', ')}.`);
    }
  }

  #matches(target: FunctionTarget, context: InvocationContext): boolean {
    try {
      return matches(target, context);
    } catch (error) {
      if (this.extension.failClosed) {
        throw error;
      }
      report(context, `A predicate of ${this.extension.name} failed, so it does not match:`, error);
      return false;
    }
  }
}
