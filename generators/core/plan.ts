import type { Answers } from './answers.js';
import { functionFile } from './function-file.js';
import { layered } from './layers.js';
import { type OutputFile, outputPath, render, type TemplateFile } from './render.js';
import { viewOf } from './view.js';
import type { Manifest } from './versions.js';
import { extensionFrom, type WorkerExtension } from './worker-extension.js';

/** A part of the output that a generator is for. */
export type Room = 'workspace' | 'extension' | 'function-app';

/** What is emitted from, beside the answers. */
export interface Sources {
  /** All files below a folder of `templates/`, with paths relative to it; none if it is not there. */
  filesIn(folder: string): TemplateFile[];
  /** `templates/package.json`. */
  manifest: Manifest;
  /** The text of a license by its SPDX id; none for `UNLICENSED`. */
  spdxText(id: string): string | undefined;
  /** For the copyright notice. */
  year: number;
}

/** Where a room goes, and what for. */
export interface Place {
  /**
   * Whether this room is all that is emitted. Then it is the destination itself, and else a folder of
   * the workspace.
   */
  alone: boolean;
  /**
   * Whether it becomes a member of an npm workspace that is there already, whose own settings of
   * editor and git hold for it. Default: no.
   */
  isMember?: boolean;
  /** The extension that an app uses. Default: the one that is being made. */
  extension?: WorkerExtension | undefined;
}

/** The files of one room, ready to be written. */
export function plan(
  room: Room,
  answers: Answers,
  sources: Sources,
  { alone, isMember = false, extension = extensionFrom(answers) }: Place,
): OutputFile[] {
  const parts = Object.fromEntries(
    ['extension/parts', 'vscode/parts', `${answers.ci}/parts`, `${templateFolder(answers)}/parts`]
      .flatMap(sources.filesIn)
      .map(({ path, text }) => [path, text]),
  );
  const view = viewOf(answers, sources, { room, alone, isMember, parts, extension });
  const target = alone || room === 'workspace' ? '' : `${room}/`;
  const isRoot = (alone || room === 'workspace') && !isMember;
  const files = [...(isRoot ? toolsOf(room, answers) : []), ...foldersOf(room, answers, alone)]
    .flatMap(sources.filesIn)
    .map((file) => ({
      path: outputPath(file.path, view.fileName, answers.functionName, view.moduleName),
      contents: render(file, view),
    }));
  return layered([...samplesOf(room, answers, sources), ...files]).map((file) => ({
    ...file,
    path: target + file.path,
  }));
}

/** The sample function of an app, which a template may replace. */
function samplesOf(
  room: Room,
  { language, functionName }: Answers,
  sources: Sources,
): OutputFile[] {
  const path = `src/functions/${functionName}.ts`;
  return room === 'function-app' && language === 'typescript'
    ? [functionFile(functionName, 'http', { path, isTypeScript: true, isModule: true }, sources)]
    : [];
}

/** The folders of `templates/` with the settings of editor and git. */
function toolsOf(room: Room, { language }: Answers): string[] {
  return language === 'python'
    ? ['root', 'python/root']
    : ['root', 'vscode/root', ...(room === 'extension' ? [] : ['vscode/function-app'])];
}

/** The folders of `templates/` that a room is made of, each laid over those before it. */
function foldersOf(room: Room, answers: Answers, alone: boolean): string[] {
  if (answers.language === 'python') {
    return pythonFoldersOf(room, answers, alone);
  }
  const { scope, template, packageManager, ci } = answers;
  const managed = `package-managers/${packageManager}`;
  const root = alone || room === 'workspace' ? [`${managed}/root`] : [];
  switch (room) {
    case 'workspace':
      return ['workspace', ...root, `${managed}/workspace`, `${ci}/root`];
    case 'extension':
      return [
        'extension/common',
        `extension/${scope === 'app' ? 'app-level' : 'function-level'}`,
        `${template}/extension`,
        ...(alone ? ['extension/alone', `${ci}/root`] : []),
        ...root,
      ];
    case 'function-app':
      // An app alone is for an extension that need not be made from a template of ours.
      return [
        'function-app/common',
        alone ? 'function-app/alone' : `${template}/function-app`,
        ...root,
      ];
  }
}

function pythonFoldersOf(room: Room, answers: Answers, alone: boolean): string[] {
  const template = templateFolder(answers);
  switch (room) {
    case 'workspace':
      return ['python/workspace'];
    case 'extension':
      return [
        'python/extension/common',
        'python/worker',
        `${template}/extension`,
        ...(alone ? ['python/extension/alone'] : []),
      ];
    case 'function-app':
      return [
        'python/function-app/common',
        `python/function-app/${answers.programmingModel}`,
        'python/worker',
        `${template}/function-app`,
      ];
  }
}

/** Where the files of the template are. */
function templateFolder({ language, template }: Answers): string {
  return language === 'python' ? `python/${template}` : template;
}
