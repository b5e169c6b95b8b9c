import type { AroundInvocationContext } from './worker-extension/invocation';
import type { Details } from './description';
import { setting } from './settings';

type Options = Record<string, unknown>;

/** What was changed, and how, by the type of the trigger in lower case. */
const SOURCES: Record<string, (trigger: Options, context: AroundInvocationContext) => Changed> = {
  blobtrigger: ({ path }, { invocationContext: { triggerMetadata } }) => {
    // The host tells which blob it was: `samples/a/b.txt` for the path `samples/{name}`.
    const blob = triggerMetadata?.blobTrigger;
    const [container, ...name] = (typeof blob === 'string' ? blob : '').split('/');
    return {
      collection: container || setting(path)?.split('/')[0],
      name: name.join('/') || undefined,
    };
  },
  cosmosdbtrigger: ({ databaseName, containerName, collectionName }) => ({
    collection: setting(databaseName),
    name: setting(containerName ?? collectionName),
  }),
  mysqltrigger: ({ tableName }, { inputs: [changes] }) => tableChange(tableName, changes),
  sqltrigger: ({ tableName }, { inputs: [changes] }) => tableChange(tableName, changes),
};

interface Changed {
  collection: string | undefined;
  name: string | undefined;
  /** How, if it is known. */
  operation?: string | undefined;
}

/**
 * Describes a change of data that triggers a function:
 * https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/#datasource
 *
 * @returns Nothing, if the trigger is none of a data source.
 */
export function describeChange(
  context: AroundInvocationContext,
  type: string,
): Details | undefined {
  const changed = SOURCES[type]?.(context.invocationContext.options.trigger, context);
  return (
    changed && {
      attributes: {
        'faas.document.collection': changed.collection,
        'faas.document.name': changed.name,
        // Most triggers do not tell whether something is new.
        'faas.document.operation': changed.operation ?? 'upsert',
        'faas.document.time': new Date().toISOString(),
      },
    }
  );
}

/** As the triggers for SQL number them. */
const OPERATIONS = ['insert', 'edit', 'delete'];

function tableChange(table: unknown, changes: unknown): Changed {
  const operations = new Set(
    (Array.isArray(changes) ? changes : []).map((change: { Operation?: unknown } | null) =>
      Number(change?.Operation),
    ),
  );
  const [operation = -1, ...others] = operations;
  return {
    collection: setting(table),
    name: setting(table),
    operation: others.length === 0 ? OPERATIONS[operation] : undefined,
  };
}
