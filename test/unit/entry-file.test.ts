import assert from 'node:assert/strict';
import { entryFileFor } from '../../generators/found/entry-file.js';

const dist = { outDir: 'dist', rootDir: '.' };
const unknownRoot = { outDir: 'dist', rootDir: undefined };

describe('entry file', () => {
  for (const [what, main, layout, expected] of [
    [
      'TypeScript as func init makes it',
      'dist/src/functions/*.js',
      { compilation: dist },
      'src/functions/name.ts',
    ],
    [
      'TypeScript as Visual Studio Code makes it',
      'dist/src/{index.js,functions/*.js}',
      { compilation: dist },
      'src/functions/name.ts',
    ],
    [
      'a path that begins with a dot',
      './dist/src/functions/*.js',
      { compilation: dist },
      'src/functions/name.ts',
    ],
    [
      'a root folder of its own',
      'build/functions/*.js',
      { compilation: { outDir: 'build', rootDir: 'src' } },
      'src/functions/name.ts',
    ],
    [
      'a root folder that follows from the sources',
      'dist/functions/*.js',
      { compilation: unknownRoot, files: ['src/functions/a.ts', 'src/lib/b.ts'] },
      'src/functions/name.ts',
    ],
    [
      'a root folder that follows from sources elsewhere',
      'dist/functions/*.js',
      { compilation: unknownRoot, files: ['functions/a.ts'] },
      'functions/name.ts',
    ],
    [
      'a root folder without sources',
      'dist/functions/*.js',
      { compilation: unknownRoot },
      'src/functions/name.ts',
    ],
    [
      'sources that are compiled in place',
      'src/functions/*.js',
      { compilation: { outDir: '.', rootDir: '.' } },
      'src/functions/name.ts',
    ],
    ['folders below', 'dist/src/functions/**/*.js', { compilation: dist }, 'src/functions/name.ts'],
    [
      'a pattern for the name',
      'dist/src/functions/*.function.js',
      { compilation: dist },
      'src/functions/name.function.ts',
    ],
    ['ES modules by name', 'dist/*.mjs', { compilation: dist }, 'name.mts'],
    ['TypeScript that is not compiled', 'src/functions/*.ts', {}, 'src/functions/name.ts'],
  ] as const) {
    it(`finds the place for ${what}`, () => {
      assert.deepEqual(entryFileFor('name', { main, isModule: false, files: [], ...layout }), {
        path: expected,
        isTypeScript: true,
        isModule: true,
      });
    });
  }

  for (const [main, isModule, path, hasImport] of [
    ['src/functions/*.js', false, 'src/functions/name.js', false],
    ['src/functions/*.js', true, 'src/functions/name.js', true],
    ['src/{index.js,functions/*.js}', false, 'src/functions/name.js', false],
    ['src/functions/*.mjs', false, 'src/functions/name.mjs', true],
    ['src/functions/*.cjs', true, 'src/functions/name.cjs', false],
    ['*.js', false, 'name.js', false],
  ] as const) {
    it(`finds the place for JavaScript: ${main}, ${isModule ? 'ES modules' : 'CommonJS'}`, () => {
      assert.deepEqual(entryFileFor('name', { main, isModule, files: [] }), {
        path,
        isTypeScript: false,
        isModule: hasImport,
      });
    });
  }

  for (const main of ['dist/index.js', 'src/{a,b}.js', 'src/*/index.js', 'src/functions', '']) {
    it(`finds none for "${main}"`, () => {
      assert.equal(entryFileFor('name', { main, isModule: false, files: [] }), undefined);
    });
  }
});
