import type { PythonApp } from '../found/python-app.js';
import { defaultFunctionName } from '../languages/function-name.js';
import { python } from '../languages/python.js';
import { importsModule, withImport } from '../writing/python-edits.js';
import { eolOf } from '../writing/text-edits.js';
import type { Decision } from '../questions/decision.js';
import { Refusal } from '../refusal.js';
import type { OutputFile } from '../templates/emit.js';
import type { Templates } from '../templates/load.js';
import { substitute } from '../templates/substitute.js';
import { toQueueName } from '../languages/queue-name.js';
import type { Plan } from './plan.js';
import { requestOf } from './request.js';
import { refuseTakenFunction } from './taken-function.js';

/**
 * Plans a function for an app in Python that exists: in v2 at the end of its file, in v1 a folder.
 *
 * @throws Refusal, if the app has a function of that name, or if its file has no `FunctionApp`.
 */
export function planFunctionInPython(
  { functionName, trigger }: Decision<'function'>,
  { app }: { app: PythonApp },
  templates: Templates,
): Plan {
  const names = app.scripts.flatMap((script) => script.functionNames);
  refuseTakenFunction(functionName, names);
  const isV1 = app.programmingModel === 'v1';
  return {
    root: app.root,
    files: isV1 ? inFolder(functionName, trigger, templates) : [],
    edits: isV1 ? [] : [appended(app, functionName, trigger, templates)],
    packageManager: undefined,
    firstCommit: false,
    summary: `The function ${functionName} is there. Next:`,
    nextSteps: [[app.startCommand, 'starts the app'], requestOf(functionName, trigger)],
  };
}

type Trigger = Decision<'function'>['trigger'];

function inFolder(functionName: string, trigger: Trigger, templates: Templates): OutputFile[] {
  return ['__init__.py', 'function.json'].map((file) => ({
    path: `${functionName}/${file}`,
    contents: sampleIn(
      templates,
      `v1/${defaultFunctionName(trigger)}/${file}`,
      functionName,
      trigger,
      '',
    ),
  }));
}

/** The file of the app with the function at its end, by the names that the file has for what it needs. */
function appended(
  { root, scripts }: PythonApp,
  functionName: string,
  trigger: Trigger,
  templates: Templates,
): OutputFile {
  const [script] = scripts;
  const { path, source } = script ?? { path: '', source: '' };
  const [, app, library = ''] =
    /^(\w+)(?: *:[^=\n]+)? *= *(?:([\w.]+)\.)?(?:FunctionApp|DFApp|Blueprint)\(/m.exec(source) ??
    [];
  if (app === undefined) {
    throw new Refusal(
      `${path} in ${root} makes no FunctionApp, to which a function could be added. Begin with: app = func.FunctionApp()`,
    );
  }
  const sample = sampleIn(templates, `v2/${trigger}.py`, functionName, trigger, source);
  const start = sample.search(/^[@#]/m);
  const alias = /^import +azure\.functions +as +(\w+)/m.exec(source)?.[1];
  const prefix = library || alias || 'func';
  const declared = sample
    .slice(start)
    .replace(/^@app\./gm, `@${app}.`)
    .replace(/\bfunc\./g, `${prefix}.`);
  const isKnown = prefix === alias || importsModule(source, prefix);
  const withLibrary = isKnown ? source : withImport(source, 'import azure.functions as func');
  const complete = importsModule(withLibrary, 'logging')
    ? withLibrary
    : withImport(withLibrary, 'import logging');
  const eol = eolOf(source);
  return {
    path,
    contents: `${complete.trimEnd()}\n\n\n${declared}`.replace(/\r?\n/g, eol),
  };
}

/** A sample, with the names of a function. */
function sampleIn(
  templates: Templates,
  path: string,
  functionName: string,
  trigger: Trigger,
  source: string,
): string {
  const folder = templates.layersOf('python').functions ?? 'python/functions';
  const file = templates.filesIn(folder).find((one) => one.path === path);
  if (!file) {
    throw new Error(`There is no template of a function at ${path}.`);
  }
  const sample = defaultFunctionName(trigger);
  const plain = python.toIdentifier(functionName, '');
  const isTaken = new RegExp(`^(?:(?:async +)?def|class) +${plain}\\b|^${plain} *[:=]`, 'm').test(
    source,
  );
  return substitute(
    templates.textOf(file),
    [
      { from: sample, to: functionName, at: 'prose' },
      {
        from: 'sample_function',
        to: isTaken ? `${plain}_function` : plain,
        at: 'code',
      },
      { from: toQueueName(sample), to: toQueueName(functionName), at: 'prose' },
    ],
    python.code.segments,
  );
}
