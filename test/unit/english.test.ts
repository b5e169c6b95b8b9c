import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { read, root } from '../../tools/support/files.js';

/** What is derived from other files, is not ours to word, or is about the words themselves. */
const EXEMPT =
  /^(golden\/|CONTRIBUTING\.md$|package-lock\.json$|docs\/.*\.(svg|png)$|test\/fixtures\/|.*LICENSE$)/;

/** The words and constructions in the first column of the table in CONTRIBUTING.md. */
function avoided(): string[] {
  const [, section = ''] = /^## English$([^]*?)^## /m.exec(read(root, 'CONTRIBUTING.md')) ?? [];
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)])
    .map(([, words = '']) => words);
}

describe('texts', () => {
  const words = avoided();
  const pattern = new RegExp(
    words
      .map((one) => `${/^\w/.test(one) ? '\\b' : ''}${one}${/\w$/.test(one) ? '\\b' : ''}`)
      .join('|'),
    'i',
  );

  it('know what to avoid', () => {
    assert.ok(words.length > 15);
    for (const one of words) {
      assert.match(`It is ${one}now.`.replace(/(\w)now/, '$1 now'), pattern);
    }
    assert.doesNotMatch('An adjustment in Anewville.', pattern);
  });

  const files = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files'], { cwd: root })
    .toString()
    .split('\n')
    .filter((file) => /\.(md|ts|mts|cts|mjs|cjs|py|json|ya?ml|html|toml)$/.test(file))
    .filter((file) => !EXEMPT.test(file));

  it('avoid it', () => {
    const found = files.flatMap((file) =>
      read(root, file)
        .split('\n')
        .flatMap((line, index) =>
          pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
        ),
    );
    assert.deepEqual(found, []);
  });
});
