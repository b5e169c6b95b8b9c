/*
 * What the host and the process of the app say to each other. The values are in the form of the real
 * worker's protocol (azure-functions-language-worker-protobuf).
 */
import type { LogLevels } from './config/index.js';
import type { CookieData, TraceContext } from './http-rules/index.js';
import type { Middleware, WorkerEvent } from './inspector/events.js';
import type { LogLine } from './log.js';
import type { NamedByExtension } from './recorder/contract.js';

/** A value on its way between host and worker. */
export interface TypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  http?: HttpRequestData;
  int?: number;
  double?: number;
  collectionString?: { string: string[] };
  collectionBytes?: { bytes: Uint8Array[] };
}

/** An HTTP request on its way to the function. */
export interface HttpRequestData {
  method: string;
  url: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  params: Record<string, string>;
  body?: { bytes: Uint8Array };
}

/** An HTTP response on its way from the function. */
export interface HttpResponseData {
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: CookieData[];
  body?: { bytes?: Uint8Array } | null;
  enableContentNegotiation?: boolean;
}

/** A value that a function has returned. */
export type ReturnedData = Omit<TypedData, 'http'> & { http?: HttpResponseData };

/** A trigger or another binding of a function, with whatever settings its kind has. */
export interface Binding {
  readonly type: string;
  readonly direction: 'in' | 'out' | 'inout';
  readonly [setting: string]: unknown;
}

export interface RegisteredFunction {
  readonly name: string;
  /** By the name of the binding. */
  readonly bindings: Readonly<Record<string, Binding>>;
  /** The one of the bindings that calls the function. */
  readonly trigger: Binding & { readonly name: string };
}

export interface Invocation {
  readonly id: string;
  /** Name of the function. */
  readonly name: string;
  /** The trigger and the other inputs, by the name of the binding. */
  readonly inputData: readonly { readonly name: string; readonly data?: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  readonly traceContext: TraceContext;
}

/** How an invocation has ended. */
export interface InvocationResult {
  /** What has made it fail, and all that is known of it: its stack and its causes. */
  readonly error?: { readonly message: string; readonly detail: string };
  /** Whether the function has returned a value, as opposed to null or undefined. */
  readonly hasValue: boolean;
  readonly returnValue?: ReturnedData | null;
  /** The other outputs, by the name of the binding. */
  readonly outputData: readonly { readonly name: string; readonly data: TypedData }[];
  /** What it has logged until then. */
  readonly log: readonly LogLine[];
}

/** What the process of the app is to load. */
export interface LoadOrder {
  /** The folder of the app. */
  readonly root: string;
  /** Absolute paths, in their order. */
  readonly files: readonly string[];
  /** Whether the app's `.js` files are ES modules. */
  readonly isModule: boolean;
  readonly logLevels: LogLevels;
  /** Extensions that are switched off for this run, by their ids. */
  readonly off: readonly string[];
}

/** What the app is when it has been loaded. */
export interface LoadedApp {
  readonly functions: readonly RegisteredFunction[];
  /** Where HTTP requests go if the app has set `enableHttpStream`. */
  readonly httpUri: string | undefined;
  /** Whether `@azure/functions` has asked for the module of the worker. */
  readonly isConnected: boolean;
  /** What extensions name. */
  readonly named: readonly NamedByExtension[];
}

export type HostToWorker =
  | { readonly type: 'load'; readonly order: LoadOrder }
  | { readonly type: 'invoke'; readonly invocation: Invocation }
  | { readonly type: 'watch'; readonly isWatched: boolean }
  | { readonly type: 'switch'; readonly id: string; readonly isOn: boolean }
  | { readonly type: 'describe' }
  | { readonly type: 'terminate' };

export type WorkerToHost =
  | { readonly type: 'loaded'; readonly app: LoadedApp }
  | { readonly type: 'failed'; readonly detail: string }
  | { readonly type: 'invoked'; readonly id: string; readonly result: InvocationResult }
  | { readonly type: 'events'; readonly events: readonly WorkerEvent[] }
  | { readonly type: 'described'; readonly middleware: Middleware }
  | { readonly type: 'terminated'; readonly problem: string | undefined };
