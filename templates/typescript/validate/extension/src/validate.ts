import type { HttpRequest, InvocationContext } from '@azure/functions';
import { errorsOf, problem, type RequestError } from './problem';
import type { OutputOf, StandardSchema } from './standard-schema';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { Place } from './worker-extension/hooks';
import {
  type AroundInvocationContext,
  InvocationData,
  isHttp,
  type Next,
} from './worker-extension/invocation';

export type { RequestError, StandardSchema };

/** Options of {@link ValidateExtension}. */
export interface ValidateOptions {
  /** Status of the answer to a request that is not as it should be. Default: `400`. */
  status?: 400 | 422;
}

/** What the parts of a request have to be. What has no schema is not looked at. */
export interface Schemas {
  /** The body, as JSON. */
  readonly body?: StandardSchema;
  /** The query: an object of texts. */
  readonly query?: StandardSchema;
  /** The parameters of the route: an object of texts. */
  readonly params?: StandardSchema;
}

/** What comes out of schemas. */
export type Values<Of extends Schemas> = { readonly [Part in keyof Of]: OutputOf<Of[Part]> };

/** The schemas of functions, by their names in lower case. */
const schemas = new Map<string, Schemas>();

const values = new InvocationData<Values<Schemas>>();

/** Checks the requests of HTTP functions that have schemas, before the function runs. */
export class ValidateExtension extends AppExtensionBase<ValidateOptions> {
  static override readonly packageName = 'azfunc-extension-validate';
  // A function relies on it: where a schema fails, the function does not run.
  static override readonly failClosed = true;
  static override place: number = Place.adapt;

  /**
   * Says what the requests of a function have to be. To be called beside the function, when its file loads.
   *
   * @param functionName Its name, in any case.
   * @returns Gives the function what has come out of the schemas. It throws where they have not been looked
   *   at, as where the extension is not on for the function.
   * @throws Error, if the function has schemas already.
   */
  static check<Of extends Schemas>(
    functionName: string,
    ofFunction: Of,
  ): (context: InvocationContext) => Values<Of> {
    const key = functionName.toLowerCase();
    if (schemas.has(key)) {
      throw new Error(`ValidateExtension: ${functionName} has schemas already.`);
    }
    schemas.set(key, ofFunction);
    return (context) => {
      const found = values.get(context);
      if (!found) {
        throw new Error(`ValidateExtension is not on for ${context.functionName}.`);
      }
      return found as Values<Of>;
    };
  }

  /** What has come out of the schemas of a function. Functions call it with their context. */
  static value(context: InvocationContext): Readonly<Record<string, unknown>> | undefined {
    return values.get(context);
  }

  override async aroundInvocation(context: AroundInvocationContext, next: Next): Promise<unknown> {
    const { invocationContext, inputs } = context;
    const own = schemas.get(invocationContext.functionName.toLowerCase());
    if (!own || !isHttp(invocationContext)) {
      return next();
    }
    const { errors, found } = await checked(inputs[0] as HttpRequest, own);
    if (errors.length > 0) {
      return problem(this.options.status ?? 400, errors);
    }
    values.set(invocationContext, found);
    return next();
  }
}

/** Looks at all parts, so that the caller hears of all that is wrong at once. */
async function checked(request: HttpRequest, own: Schemas) {
  const errors: RequestError[] = [];
  const found: Record<string, unknown> = {};
  for (const part of ['params', 'query', 'body'] as const) {
    const schema = own[part];
    if (schema) {
      const value = await valueOf(request, part);
      const result =
        'problem' in value ? undefined : await schema['~standard'].validate(value.value);
      if (result && !result.issues) {
        found[part] = result.value;
      } else {
        errors.push(...errorsOf(part, result?.issues ?? [{ message: 'It is not valid JSON.' }]));
      }
    }
  }
  return { errors, found };
}

/** A part of a request. The body is that of a clone, so the function can still read its own. */
async function valueOf(
  request: HttpRequest,
  part: keyof Schemas,
): Promise<{ value: unknown } | { problem: true }> {
  if (part !== 'body') {
    return { value: part === 'query' ? Object.fromEntries(request.query) : { ...request.params } };
  }
  const text = await request.clone().text();
  try {
    return { value: text === '' ? undefined : JSON.parse(text) };
  } catch {
    return { problem: true };
  }
}
