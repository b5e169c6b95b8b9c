/*
 * What the inspector tells of an app. `local-host inspect --json` prints one event a line, and the page of the
 * inspector gets the same. Later versions may add fields and types of events, and never change or remove one.
 */
import type { LogLine } from '../log.js';

/** Milliseconds since 1970, with fractions. */
export type Time = number;

/** A value as JSON: secrets are `[secret]`, functions `[function]`, and it is cut at 64 kB. */
export type Shown = null | boolean | number | string | Shown[] | { [name: string]: Shown };

/** The content of a request or a response. */
export interface ShownBody {
  /** All of its bytes. */
  readonly bytes: number;
  /** Its text, or the first 64 kB of that. Nothing, if it is not text, or if nobody was watching. */
  readonly text?: string;
  /** Whether there is more than `text`. */
  readonly isCut: boolean;
}

export interface ShownRequest {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, Shown>>;
  /** Nothing for a body that the app reads as a stream. */
  readonly body?: ShownBody;
}

export interface ShownError {
  readonly message: string;
  /** Its stack and its causes. */
  readonly detail: string;
}

/** What a hook has changed. */
export interface Change {
  readonly what: 'inputs' | 'handler' | 'result' | 'error';
  /** Nothing, if there was none, as where a hook answers before the function has run. */
  readonly before?: Shown;
  readonly after?: Shown;
}

/** A package, as it is installed. */
export interface Package {
  readonly name: string;
  readonly version: string | undefined;
}

/** A function that could be called, or not. */
export interface InspectedFunction {
  readonly name: string;
  /** Type of the trigger: `httpTrigger`. */
  readonly trigger: string;
  /** Of an HTTP function, with the prefix of routes: `api/orders/{id}`. */
  readonly route?: string;
  /** Of an HTTP function. Nothing: any method. */
  readonly methods?: readonly string[];
  /** Why it cannot be called. */
  readonly off?: string;
  /** Types of its other inputs. */
  readonly inputs: readonly string[];
}

/** An extension that follows the contract. */
export interface InspectedExtension {
  /** Package and class. */
  readonly id: string;
  /** Its class: `TimerExtension`. */
  readonly name: string;
  readonly package: Package | undefined;
  /** Lower numbers are further out. */
  readonly place: number;
  /** Whether it lets nothing pass when it fails. Such a one cannot be switched off. */
  readonly failsClosed: boolean;
  /** The hooks that it implements. */
  readonly hooks: readonly string[];
  /** The options of each of its instances. */
  readonly options: readonly Shown[];
  /** Whether it has been switched off for this run. */
  readonly isOff: boolean;
}

/** A hook that was registered without the contract. */
export interface InspectedHook {
  /** `preInvocation`. */
  readonly hook: string;
  readonly package: Package | undefined;
  /** Where it was registered: a path, a line and a column. */
  readonly location: string | undefined;
}

/** What an app has around its functions. */
export interface Middleware {
  /** From the outside in. */
  readonly extensions: readonly InspectedExtension[];
  readonly hooks: readonly InspectedHook[];
}

/** The app has been loaded, or something about it has changed. */
export interface AppEvent extends Middleware {
  readonly type: 'app';
  readonly at: Time;
  readonly root: string;
  readonly functions: readonly InspectedFunction[];
}

interface OfInvocation {
  /** Its id. */
  readonly invocation: string;
}

export interface InvocationStarted extends OfInvocation {
  readonly type: 'invocationStarted';
  readonly at: Time;
  readonly function: string;
  /** Type of the trigger. */
  readonly trigger: string;
  /** Nothing, if the function is run by hand. */
  readonly request?: ShownRequest;
  /** What it is run with by hand. */
  readonly trial?: Shown;
  readonly traceParent: string;
  readonly traceState?: string;
  /** Whether somebody is watching. If not, nothing is recorded but how it ends. */
  readonly isWatched: boolean;
}

/** A method of an extension, or a hook without the contract, has run. */
export interface HookRan extends OfInvocation {
  readonly type: 'hookRan';
  /** `TimerExtension.aroundInvocation`, or for a hook without the contract `preInvocation`. */
  readonly name: string;
  readonly hook: string;
  /** `id` of the extension. */
  readonly extension?: string;
  readonly package: Package | undefined;
  /** Of a hook without the contract: where it was registered. */
  readonly location?: string;
  readonly start: Time;
  readonly end: Time;
  /** When `aroundInvocation` has waited for `next`, which runs what is further in. */
  readonly next: readonly { readonly start: Time; readonly end: Time }[];
  readonly changes: readonly Change[];
  /** What it has thrown itself, as opposed to what has come out of `next`. */
  readonly error?: ShownError;
  /** Whether that was logged and skipped, as that of an extension that does not fail closed. */
  readonly isSwallowed: boolean;
}

export interface FunctionRan extends OfInvocation {
  readonly type: 'functionRan';
  readonly name: string;
  readonly start: Time;
  readonly end: Time;
  /** With what it was called, without the context. */
  readonly inputs: Shown;
  readonly result?: Shown;
  readonly error?: ShownError;
}

/** A function or a hook has logged something, or written it to the console. */
export interface Logged extends OfInvocation, LogLine {
  readonly type: 'logged';
  readonly at: Time;
}

/** The first byte of a response is sent. */
export interface ResponseStarted extends OfInvocation {
  readonly type: 'responseStarted';
  readonly at: Time;
  readonly status: number;
  readonly headers: Readonly<Record<string, Shown>>;
}

/** The last byte of a response has been sent, or its client has gone away. */
export interface ResponseEnded extends OfInvocation {
  readonly type: 'responseEnded';
  readonly at: Time;
  readonly status: number;
  readonly isComplete: boolean;
  /** Nothing, if nobody was watching. */
  readonly body?: ShownBody;
}

/** The function and all hooks have run. Its response may still be on its way. */
export interface InvocationEnded extends OfInvocation {
  readonly type: 'invocationEnded';
  readonly at: Time;
  readonly outcome: 'succeeded' | 'failed';
  readonly error?: ShownError;
  /** What went to output bindings. */
  readonly outputs: readonly { readonly name: string; readonly value: Shown }[];
}

/** What the process of the app tells: it sees hooks, functions and logs. */
export type WorkerEvent = HookRan | FunctionRan | Logged;

export type InvocationEvent =
  WorkerEvent | InvocationStarted | ResponseStarted | ResponseEnded | InvocationEnded;

export type InspectorEvent = AppEvent | InvocationEvent;

/** The time now, as events have it. */
export function now(): Time {
  return Math.round((performance.timeOrigin + performance.now()) * 1000) / 1000;
}
