import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { foreignApp, type Language } from '../support/apps.js';
import { filesIn, read, readJson, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { runGenerator, withTerminal } from '../support/generator.js';
import { cli } from '../../tools/support/processes.js';

/** All files of a folder with what is in them. */
function contentsOf(folder: string): Map<string, string> {
  return new Map(filesIn(folder).map((file) => [file, read(folder, file)]));
}

describe('generator use', () => {
  let extensions: string;
  before(async () => {
    extensions = newFolder('extensions');
    for (const scope of ['app', 'function']) {
      await scaffold(
        [':extension', scope, '--name', '@contoso/timer', '--scope', scope, '--yes', '--no-git'],
        extensions,
      );
    }
    await scaffold(
      ['workspace', '--name', 'guard', '--template', 'guard', '--yes', '--no-git'],
      extensions,
    );
  });

  const use = (app: string, extension: string, options: object = {}) =>
    runGenerator('use', { cwd: app, options: { yes: true, extension, ...options } });

  for (const [language, changes, entry, lines] of [
    [
      'typescript',
      {},
      'src/functions/azfunc-extension-timer.ts',
      "import { TimerExtension } from '@contoso/azfunc-extension-timer';",
    ],
    [
      'javascript',
      {},
      'src/functions/azfunc-extension-timer.js',
      "const { TimerExtension } = require('@contoso/azfunc-extension-timer');",
    ],
    [
      'javascript',
      { type: 'module' },
      'src/functions/azfunc-extension-timer.js',
      "import { TimerExtension } from '@contoso/azfunc-extension-timer';",
    ],
  ] as const) {
    it(`adds dependency, setting and two lines to an app in ${language} ${JSON.stringify(changes)}, once`, async () => {
      const app = foreignApp(language, changes);
      const before = contentsOf(app);
      const run = () =>
        cli([':use', '--extension', join(extensions, 'app'), '-y', '--skip-install'], { cwd: app });
      const { exitCode, all } = await run();
      assert.equal(exitCode, 0, all);
      assert.match(all, /^@contoso\/azfunc-extension-timer is switched on:$/m);

      const after = contentsOf(app);
      assert.deepEqual(
        [...after.keys()].filter((file) => after.get(file) !== before.get(file)),
        ['local.settings.json', 'package.json', entry].sort(),
      );
      assert.deepEqual(
        [...before.keys()].filter((file) => !after.has(file)),
        [],
      );
      assert.equal(
        after.get(entry),
        `${lines}\n\nTimerExtension.configure({ appendToHttpResponse: true });\n`,
      );
      assert.match(
        readJson(app, 'package.json').dependencies['@contoso/azfunc-extension-timer'],
        /^file:\.\.\/[^/]+\/app$/,
      );
      assert.equal(
        after.get('local.settings.json'),
        before
          .get('local.settings.json')
          ?.replace('// Azurite', '// Azurite\n    "NODE_ENABLE_WORKER_EXTENSIONS": "1"')
          .replace('=true" //', '=true", //'),
      );

      const again = await run();
      assert.equal(again.exitCode, 0, again.all);
      assert.match(again.all, /is switched on already\. Nothing has changed\./);
      assert.deepEqual(contentsOf(app), after);
    });
  }

  it('acts on the first function that it finds, or on the one that is named', async () => {
    const found = foreignApp('typescript');
    await use(found, join(extensions, 'function'));
    assert.match(
      read(found, 'src/functions/azfunc-extension-timer.ts'),
      /\nnew TimerExtension\('HttpTrigger', \{ appendToHttpResponse: true \}\);\n/,
    );
    const named = foreignApp('typescript');
    await use(named, join(extensions, 'function'), { functionName: 'Orders' });
    assert.match(read(named, 'src/functions/azfunc-extension-timer.ts'), /\('Orders', /);
  });

  it('adds the settings that the extension reads, and keeps those that are there', async () => {
    const app = foreignApp('javascript');
    writeJson(join(app, 'local.settings.json'), {
      IsEncrypted: false,
      Values: { FUNCTIONS_WORKER_RUNTIME: 'node', NODE_ENABLE_WORKER_EXTENSIONS: '0' },
    });
    // The workspace stands for the extension in it.
    await use(app, join(extensions, 'workspace'));
    assert.deepEqual(readJson(app, 'local.settings.json').Values, {
      FUNCTIONS_WORKER_RUNTIME: 'node',
      NODE_ENABLE_WORKER_EXTENSIONS: '0',
      GUARD_API_KEY: 'local-key',
    });
    assert.match(
      readJson(app, 'package.json').dependencies['azfunc-extension-guard'],
      /\/workspace\/extension$/,
    );
  });

  it('leaves the two lines where they are already', async () => {
    const app = foreignApp('javascript');
    writeFileSync(
      join(app, 'src/index.js'),
      "require('@contoso/azfunc-extension-timer').TimerExtension.configure();\n",
    );
    await use(app, join(extensions, 'app'));
    assert.ok(!filesIn(app).some((file) => file.includes('azfunc-extension')));
  });

  it('does without local.settings.json', async () => {
    const app = foreignApp('javascript');
    rmSync(join(app, 'local.settings.json'));
    await use(app, join(extensions, 'app'));
    assert.ok(!filesIn(app).includes('local.settings.json'));
  });

  it('takes the folder of the app as its destination, and finds the app in a workspace of ours', async () => {
    const { exitCode, all } = await cli(
      [':use', 'workspace', '--extension', './app', '--yes', '--skip-install'],
      { cwd: extensions },
    );
    assert.equal(exitCode, 0, all);
    const app = join(extensions, 'workspace/function-app');
    assert.equal(
      readJson(app, 'package.json').dependencies['@contoso/azfunc-extension-timer'],
      'file:../../app',
    );
    assert.ok(filesIn(app).includes('src/functions/azfunc-extension-timer.ts'));
    assert.match(
      all,
      /1\. cd workspace\/function-app\n +2\. npm install\n +3\. npm run start:local/,
    );
  });

  describe('an app whose main is one file', () => {
    for (const [language, main, type, entry, newMain, load] of [
      [
        'typescript',
        'dist/src/index.js',
        undefined,
        'src/azfunc-extension-timer.ts',
        'dist/src/{index,azfunc-extension-timer}.js',
        /^import /,
      ],
      [
        'typescript',
        './dist/src/index.js',
        'module',
        'src/azfunc-extension-timer.ts',
        './dist/src/{index,azfunc-extension-timer}.js',
        /^import /,
      ],
      [
        'javascript',
        'index.js',
        undefined,
        'azfunc-extension-timer.js',
        '{index,azfunc-extension-timer}.js',
        /^const .* = require\(/,
      ],
      [
        'javascript',
        'src/index.js',
        'module',
        'src/azfunc-extension-timer.js',
        'src/{index,azfunc-extension-timer}.js',
        /^import /,
      ],
      [
        'javascript',
        'src/{index.js,functions/HttpTrigger.js}',
        undefined,
        'src/azfunc-extension-timer.js',
        'src/{index.js,functions/HttpTrigger.js,azfunc-extension-timer.js}',
        /^const /,
      ],
    ] as const) {
      it(`in ${language} (${main}, ${type}) loads a new file too, until it is removed`, async () => {
        const app = foreignApp(language, { main, ...(type && { type }) });
        const before = contentsOf(app);
        await use(app, join(extensions, 'app'));
        assert.equal(readJson(app, 'package.json').main, newMain);
        assert.match(read(app, entry), load);
        await runGenerator('use', {
          cwd: app,
          options: { remove: '@contoso/azfunc-extension-timer' },
        });
        assert.deepEqual(contentsOf(app), before);
      });
    }
  });

  describe('a bundled app', () => {
    for (const [what, language, changes, files, file, load] of [
      [
        'esbuild in a script',
        'typescript',
        {
          scripts: {
            build: 'esbuild ./src/main.ts --bundle --platform=node --outfile=dist/main.js',
          },
        },
        { 'src/main.ts': "import './functions/HttpTrigger';\n" },
        'src/main.ts',
        "import { TimerExtension } from '@contoso/azfunc-extension-timer';",
      ],
      [
        'webpack with a configuration',
        'javascript',
        { devDependencies: { webpack: '^5.0.0' }, scripts: { build: 'webpack' } },
        {
          'src/app.js': "require('./functions/HttpTrigger');\n",
          'webpack.config.js': "module.exports = { entry: './src/app', target: 'node' };\n",
        },
        'src/app.js',
        "const { TimerExtension } = require('@contoso/azfunc-extension-timer');",
      ],
      [
        'a script that runs esbuild',
        'javascript',
        { devDependencies: { esbuild: '^0.28.0' }, scripts: { build: 'node build.mjs' } },
        {
          'src/index.js': "import './functions/HttpTrigger.js';\n",
          'build.mjs': "await build({ entryPoints: ['src/index.js'] });\n",
        },
        'src/index.js',
        "import { TimerExtension } from '@contoso/azfunc-extension-timer';",
      ],
    ] as const) {
      it(`by ${what} gets all but the two lines, which are shown`, async () => {
        const app = foreignApp(language, { main: 'dist/main.js', ...changes });
        for (const [path, contents] of Object.entries(files)) {
          writeFileSync(join(app, path), contents);
        }
        const before = contentsOf(app);
        const { exitCode, all } = await cli(
          [':use', '--extension', join(extensions, 'app'), '--yes', '--skip-install'],
          { cwd: app },
        );
        assert.equal(exitCode, 0, all);
        assert.ok(all.includes(`Add these two lines to ${file}:\n\n    ${load}\n`), all);
        assert.match(all, /\n {4}TimerExtension\.configure\(/);
        const after = contentsOf(app);
        assert.deepEqual(
          [...after.keys()].filter((one) => after.get(one) !== before.get(one)),
          ['local.settings.json', 'package.json'],
        );
      });
    }
  });

  it('takes a prerelease of v4 for v4', async () => {
    const app = foreignApp('javascript', {
      dependencies: { '@azure/functions': '^4.0.0-alpha.8' },
    });
    await use(app, join(extensions, 'app'));
    assert.ok(filesIn(app).includes('src/functions/azfunc-extension-timer.js'));
  });

  it('adds several extensions in one run, and removes them one by one', async () => {
    for (const [main, entries] of [
      ['src/functions/*.js', 'src/functions/'],
      ['src/index.js', 'src/'],
    ] as const) {
      const app = foreignApp('javascript', { main });
      const before = contentsOf(app);
      const { exitCode, all } = await cli(
        [':use', '--skip-install'].concat(
          ['app', 'workspace'].flatMap((name) => ['--extension', join(extensions, name)]),
        ),
        { cwd: app },
      );
      assert.equal(exitCode, 0, all);
      assert.match(
        all,
        /^@contoso\/azfunc-extension-timer and azfunc-extension-guard are switched on:$/m,
      );
      const both = contentsOf(app);
      for (const name of ['timer', 'guard']) {
        assert.ok(both.has(`${entries}azfunc-extension-${name}.js`));
      }
      const remove = (name: string) =>
        cli([':use', '--remove', name, '--skip-install'], { cwd: app });
      const first = await remove('guard');
      assert.equal(first.exitCode, 0, first.all);
      assert.match(first.all, /^azfunc-extension-guard is removed:$/m);
      assert.match(first.all, /delete src\/.*azfunc-extension-guard\.js/);
      const { Values } = parse(read(app, 'local.settings.json')) as { Values: object };
      assert.ok('NODE_ENABLE_WORKER_EXTENSIONS' in Values && !('GUARD_API_KEY' in Values));
      const second = await remove('@contoso/azfunc-extension-timer');
      assert.equal(second.exitCode, 0, second.all);
      assert.deepEqual(
        [...contentsOf(app)].filter(([file]) => file !== 'local.settings.json'),
        [...before].filter(([file]) => file !== 'local.settings.json'),
      );
      const { Values: after } = parse(read(app, 'local.settings.json')) as { Values: object };
      assert.ok(!('NODE_ENABLE_WORKER_EXTENSIONS' in after));
    }
  });

  it('removes the lines from a file with others, and what was compiled', async () => {
    const app = foreignApp('typescript');
    await use(app, join(extensions, 'app'));
    const entry = 'src/functions/azfunc-extension-timer.ts';
    writeFileSync(
      join(app, entry),
      "import { app } from '@azure/functions';\nimport { TimerExtension } from '@contoso/azfunc-extension-timer';\n\nTimerExtension.place = 250;\nTimerExtension.configure({\n  text: 'a) ;',\n});\n\napp.setup({});\n",
    );
    mkdirSync(join(app, 'dist/src/functions'), { recursive: true });
    await runGenerator('use', { cwd: app, options: { remove: '@contoso/azfunc-extension-timer' } });
    assert.equal(read(app, entry), "import { app } from '@azure/functions';\n\napp.setup({});\n");
    await use(app, join(extensions, 'app'));
    const compiled = 'dist/src/functions/azfunc-extension-timer.js';
    writeFileSync(join(app, compiled), '');
    writeFileSync(join(app, `${compiled}.map`), '');
    writeFileSync(join(app, 'src/functions/azfunc-extension-timer.ts'), read(app, entry));
    await runGenerator('use', { cwd: app, options: { remove: '@contoso/azfunc-extension-timer' } });
    assert.ok(!filesIn(app).some((file) => file.startsWith('dist/')));
  });

  it('removes the extension from an app of ours', async () => {
    const cwd = await scaffold([
      'own',
      '--name',
      'guard',
      '--template',
      'guard',
      '--yes',
      '--no-git',
    ]);
    const { exitCode, all } = await cli(
      [':use', 'own', '--remove', 'azfunc-extension-guard', '--skip-install'],
      { cwd },
    );
    assert.equal(exitCode, 0, all);
    const app = join(cwd, 'own/function-app');
    assert.ok(!filesIn(app).includes('src/index.ts'));
    assert.deepEqual(Object.keys(readJson(app, 'package.json').dependencies), ['@azure/functions']);
  });

  describe('refuses, and changes nothing,', () => {
    for (const [what, args, reason, change] of [
      [
        'to remove what is not there',
        ['--remove', 'none'],
        /has no extension "none"\. Its dependencies are @azure\/functions\.$/,
        () => {},
      ],
      [
        'to add and remove at once',
        ['--remove', 'timer', '--extension', 'EXTENSION'],
        /^--remove and --extension are for two runs\./,
        () => {},
      ],
      [
        'to remove an extension that the code uses for more',
        ['--remove', 'timer'],
        /index\.js does more with TimerExtension than to switch it on\. Remove that by hand, and try again\.$/,
        (app: string) =>
          writeFileSync(
            join(app, 'src/index.js'),
            "const { TimerExtension } = require('azfunc-extension-timer');\nconsole.log(TimerExtension);\n",
          ),
      ],
    ] as const) {
      it(what, async () => {
        const app = foreignApp('javascript');
        change(app);
        const before = contentsOf(app);
        const { exitCode, all } = await cli(
          [
            ':use',
            '--skip-install',
            ...args.map((one) => (one === 'EXTENSION' ? join(extensions, 'app') : one)),
          ],
          { cwd: app },
        );
        assert.equal(exitCode, 1);
        assert.match(all, reason);
        assert.deepEqual(contentsOf(app), before);
      });
    }

    const refusals: [what: string, reason: RegExp, change: (app: string) => void, Language?][] = [
      [
        'a folder that is none',
        /is not the folder of a function app: it has no host\.json/,
        (app) => rmSync(join(app, 'host.json')),
      ],
      [
        'an app in Python',
        /is no worker extension in Python: it has no pyproject\.toml and no setup\.py\./,
        (app) => {
          rmSync(join(app, 'package.json'));
          rmSync(join(app, 'local.settings.json'));
          writeFileSync(join(app, 'requirements.txt'), 'azure-functions\n');
          writeFileSync(join(app, 'function_app.py'), '');
        },
      ],
      [
        'an app in C#',
        /is a function app for dotnet-isolated\./,
        (app) =>
          writeJson(join(app, 'local.settings.json'), {
            Values: { FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated' },
          }),
      ],
      [
        'an app of model v3 by its function.json',
        /uses programming model v3 \(Hello\/function\.json\), .* https:\/\/learn\.microsoft\.com\//,
        (app) => {
          mkdirSync(join(app, 'Hello'));
          writeFileSync(join(app, 'Hello/function.json'), '{}');
        },
      ],
      [
        'an app of model v3 by its dependency',
        /uses programming model v3 \(@azure\/functions \^3\.5\.0\)/,
        (app) => changePackage(app, { dependencies: { '@azure/functions': '^3.5.0' } }),
      ],
      [
        'a version without hooks',
        /has @azure\/functions ~4\.0\.0, and hooks are in 4\.x from 4\.1 on/,
        (app) => changePackage(app, { dependencies: { '@azure/functions': '~4.0.0' } }),
      ],
      [
        'an app without @azure/functions',
        /has no dependency on @azure\/functions/,
        (app) => changePackage(app, { dependencies: {} }),
      ],
      [
        'an app without package.json',
        /has no package\.json, so it is no function app for Node\.js/,
        (app) => rmSync(join(app, 'package.json')),
      ],
      ['an app without main', /has no "main"/, (app) => changePackage(app, { main: undefined })],
    ];
    function changePackage(app: string, change: object): void {
      writeJson(join(app, 'package.json'), { ...readJson(app, 'package.json'), ...change });
    }
    for (const [what, reason, change] of refusals) {
      it(what, async () => {
        const app = foreignApp('typescript');
        change(app);
        const before = contentsOf(app);
        await assert.rejects(use(app, join(extensions, 'app')), reason);
        assert.deepEqual(contentsOf(app), before);
      });
    }

    for (const [spec, reason] of [
      ['./none', /^There is no .*none\.$/],
      ['./src', /^"\.\/src" is no worker extension: it has no package\.json\.$/],
      ['.', /^"\." is no worker extension: its package\.json has no "workerExtension"/],
      ['', /^Which extension\? Give --extension/],
      ['a b', /^"a b" is nothing that npm can install\./],
      ['@azure/functions@4.1.0', /^"@azure\/functions@4\.1\.0" is no worker extension:/],
      [
        '@azure/functions@0.0.0-none',
        /^npm cannot get "@azure\/functions@0\.0\.0-none": No matching version/,
      ],
    ] as const) {
      it(`the extension "${spec}"`, async () => {
        const app = foreignApp('typescript');
        const before = contentsOf(app);
        await assert.rejects(use(app, spec), ({ message }: Error) => {
          assert.match(message, reason);
          assert.ok(!message.includes('\n'), message);
          return true;
        });
        assert.deepEqual(contentsOf(app), before);
      });
    }
  });

  describe('questions', () => {
    withTerminal();

    it('are the extension, and the function if it is of function level', async () => {
      const app = foreignApp('typescript');
      const { askedQuestions } = await runGenerator('use', {
        cwd: app,
        answers: { extensions: join(extensions, 'function'), functionName: 'Orders' },
      });
      assert.deepEqual(
        askedQuestions.map(({ name }) => name),
        ['extensions', 'functionName'],
      );
      assert.match(read(app, 'src/functions/azfunc-extension-timer.ts'), /\('Orders', /);
    });
  });
});

describe('generator function', () => {
  for (const [language, changes, entry, load] of [
    ['typescript', {}, 'Orders.ts', /^import \{ app, type InvocationContext \} from/],
    ['javascript', {}, 'Orders.js', /^const \{ app \} = require\('@azure\/functions'\);/],
    ['javascript', { type: 'module' }, 'Orders.js', /^import \{ app \} from '@azure\/functions';/],
  ] as const) {
    it(`adds a function to an app in ${language} ${JSON.stringify(changes)}`, async () => {
      const app = foreignApp(language, changes);
      const before = contentsOf(app);
      const { exitCode, all } = await cli([':function', '--trigger', 'queue', '--name', 'Orders'], {
        cwd: app,
      });
      assert.equal(exitCode, 0, all);
      const after = contentsOf(app);
      assert.deepEqual(
        [...after.keys()].filter((file) => after.get(file) !== before.get(file)),
        [`src/functions/${entry}`],
      );
      assert.match(after.get(`src/functions/${entry}`) ?? '', load);
      assert.match(all, /curl --json .* http:\/\/127\.0\.0\.1:7071\/admin\/functions\/Orders /);
    });
  }

  it('refuses the name of a function that is there, in any case', async () => {
    const { exitCode, all } = await cli(
      [':function', '--trigger', 'http', '--name', 'HTTPTRIGGER'],
      {
        cwd: foreignApp('javascript'),
      },
    );
    assert.equal(exitCode, 1);
    assert.equal(all, 'The app has a function "HTTPTRIGGER" already. Take another --name.');
  });

  for (const [args, reason] of [
    [['--trigger', 'blob'], /^A trigger is http, timer or queue, not "blob"\.$/],
    [['--name', '../x'], /^"\.\.\/x" is not a function name/],
    [['--trigger', 'http'], /^There is no terminal to ask in\. .* or give --name\.$/],
    [['--scope', 'app'], /^There is no option --scope\./],
  ] as const) {
    it(`refuses ${args.join(' ')} in one line`, async () => {
      const app = foreignApp('javascript');
      const { exitCode, all } = await cli([':function', ...args], { cwd: app });
      assert.equal(exitCode, 1);
      assert.match(all, reason);
      assert.equal(all.split('\n').length, 1, all);
      assert.deepEqual(filesIn(app), filesIn(foreignApp('javascript')));
    });
  }
});
