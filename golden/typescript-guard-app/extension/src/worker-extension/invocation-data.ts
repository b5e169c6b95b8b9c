import type { InvocationContext } from '@azure/functions';

/**
 * What an extension keeps for one invocation: from one hook to the next, and from a hook to the
 * function. It is typed, no other extension can read it, and it goes when the invocation ends.
 *
 * Hooks find their invocation in `context.invocationContext`, and a function gets it as its second
 * argument. So an extension hands something to functions by a static method that reads it:
 *
 *     const users = new InvocationData<User>();
 *     // in preInvocation:
 *     users.set(context.invocationContext, user);
 *     // in the class, for functions to call:
 *     static user(context: InvocationContext): User | undefined {
 *       return users.get(context);
 *     }
 */
export class InvocationData<T> {
  readonly #key = Symbol('InvocationData');

  get(context: InvocationContext): T | undefined {
    return (context as Carrier<T>)[this.#key];
  }

  set(context: InvocationContext, value: T): void {
    (context as Carrier<T>)[this.#key] = value;
  }
}

/** The data is on the context itself, which costs less than a `WeakMap` by contexts. */
type Carrier<T> = InvocationContext & Record<symbol, T | undefined>;
