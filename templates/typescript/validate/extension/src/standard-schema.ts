/*
 * What all schema libraries that support Standard Schema have in common, such as zod, valibot and arktype:
 * https://standardschema.dev
 */

/** A schema, and the type of what comes out of it. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    validate(value: unknown): Result<Output> | Promise<Result<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** Either a value or what is wrong. */
export type Result<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly Issue[] };

export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The type of what comes out of a schema. */
export type OutputOf<Schema> = Schema extends StandardSchema<infer Output> ? Output : never;
