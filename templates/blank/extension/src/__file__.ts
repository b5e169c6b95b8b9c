import type {
  AppStartContext,
  AppTerminateContext,
  InvocationContext,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
<% if (scope === 'app') { -%>
import { AppExtensionBase } from './app-extension-base';
<% } else { -%>
import { FuncExtensionBase } from './func-extension-base';
import type { FunctionTarget } from './function-target';
<% } -%>
import { InvocationData } from './invocation-data';

/** Options of {@link <%- className %>}. */
export interface <%- stem %>Options {
  /** Log each invocation, before it and after it. Default: `true`. */
  log?: boolean;
}

/** What the extension hands to functions. */
export interface <%- stem %>Data {
  /** When the invocation has begun. */
  startedAt: Date;
}

const DEFAULTS: Required<<%- stem %>Options> = { log: true };

const data = new InvocationData<<%- stem %>Data>();

<% if (scope === 'app') { -%>
/** Acts on every invocation in the app. */
export class <%- className %> extends AppExtensionBase {
  static #options = DEFAULTS;

  /** Runs once, on import, before the hooks are registered. */
  static override init(): void {}

  /** Changes the defaults. A later call replaces the options of an earlier one. */
  static override configure(options: <%- stem %>Options = {}): void {
    <%- className %>.#options = { ...DEFAULTS, ...options };
  }

<% } else { -%>
/** Acts on the invocations of some functions. */
export class <%- className %> extends FuncExtensionBase {
  readonly #options: Required<<%- stem %>Options>;

  /** Runs once, when the first instance is created, before the hooks are registered. */
  static override init(): void {}

  /** @param target The functions to act on. */
  constructor(target: FunctionTarget, options: <%- stem %>Options = {}) {
    super(target);
    this.#options = { ...DEFAULTS, ...options };
  }

<% } -%>
  /** What the hooks have noted for an invocation. Functions call it with their context. */
  static data(context: InvocationContext): <%- stem %>Data | undefined {
    return data.get(context);
  }

  /** Runs once, when all files of the app have loaded. */
  <%- override %> appStart(_context: AppStartContext): void {}

  /** Runs before a function: may change `inputs`, or answer by setting `functionHandler`. */
  <%- override %> preInvocation({ invocationContext }: PreInvocationContext): void {
    data.set(invocationContext, { startedAt: new Date() });
    if (<%- self %>.#options.log) {
      invocationContext.log(`<%- className %>: before ${invocationContext.functionName}`);
    }
  }

  /** Runs after a function, also after one that failed: may set `result`, or clear `error`. */
  <%- override %> postInvocation({ invocationContext }: PostInvocationContext): void {
    if (<%- self %>.#options.log) {
      invocationContext.log(`<%- className %>: after ${invocationContext.functionName}`);
    }
  }

  /** Runs once, when the app shuts down gracefully. */
  <%- override %> appTerminate(_context: AppTerminateContext): void {}
}
<% if (scope === 'app') { -%>

<%- className %>.register();
<% } -%>
