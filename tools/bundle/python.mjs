import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const RULE = `# ${'-'.repeat(86)}`;

/** How long a line is at most, as ruff has it. */
const WIDTH = 88;

/**
 * One file of the modules of a Python package: what they import, and then each below its docstring as a heading, after
 * those that it imports. Their names have to differ, and what `__init__.py` has comes first.
 *
 * @param folder The package.
 * @param entries Names of the modules that somebody uses. The last one has `main()`.
 */
export function joinModules(folder, entries) {
  const modules = new Map();
  const add = (name) => {
    if (!modules.has(name)) {
      const module = readModule(folder, name);
      module.siblings.forEach(add);
      modules.set(name, module);
    }
  };
  entries.forEach(add);
  const all = [...modules.values()];
  const preamble = readFileSync(join(folder, '__init__.py'), 'utf8');
  return [
    preamble,
    `${importsOf(all, preamble)}\n`,
    ...all.map(({ title, body }) => {
      const gap = /^(?:@|class |def |async )/.test(body) ? '\n\n' : '\n';
      return `\n${RULE}\n# ${title}\n${RULE}\n${gap}${body}\n`;
    }),
    '\nif __name__ == "__main__":\n    main()\n',
  ].join('\n');
}

/** A module: its title, the modules beside it that it needs, what else it imports, and all that follows. */
function readModule(folder, name) {
  const text = readFileSync(join(folder, `${name}.py`), 'utf8');
  const [head, title] = /^"""(.*)\.?"""\n/.exec(text) ?? [''];
  if (head === '') {
    throw new Error(`${name}.py has no docstring of one line.`);
  }
  const imports = [];
  const statement = /\s*(?:from (\S+) )?import (?:\(([^)]*)\)|(.*))\n/y;
  let end = (statement.lastIndex = head.length);
  for (let match = statement.exec(text); match; match = statement.exec(text)) {
    end = statement.lastIndex;
    const [, from, many, one = ''] = match;
    imports.push({ from, names: (many ?? one).split(',').map((part) => part.trim()) });
  }
  return {
    title: title.replace(/\.$/, ''),
    // What `.` has comes first anyway.
    siblings: imports.flatMap(({ from }) => (/^\../.test(from) ? [from.slice(1)] : [])),
    imports: imports.filter(({ from }) => !from?.startsWith('.')),
    body: text.slice(end).trim(),
  };
}

/** What modules import that the text before them does not: each once, as ruff would format it. */
function importsOf(modules, before) {
  const done = before.split('\n').map((line) => line.replace(/#.*/, '').trim());
  const plain = new Set();
  const named = new Map();
  for (const { from, names } of modules.flatMap(({ imports }) => imports)) {
    for (const name of names.filter((one) => one !== '')) {
      if (from === undefined) {
        plain.add(name);
      } else {
        named.set(from, (named.get(from) ?? new Set()).add(name));
      }
    }
  }
  return [
    ...[...plain]
      .sort()
      .map((name) => `import ${name}`)
      .filter((line) => !done.includes(line)),
    ...[...named].sort().map(([from, names]) => {
      const sorted = [...names].sort();
      const line = `from ${from} import ${sorted.join(', ')}`;
      return line.length <= WIDTH
        ? line
        : `from ${from} import (\n${sorted.map((name) => `    ${name},\n`).join('')})`;
    }),
  ].join('\n');
}
