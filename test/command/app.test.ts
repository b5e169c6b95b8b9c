import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read, readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { runGenerator, withTerminal } from '../support/generator.js';
import { run } from '../../tools/support/processes.js';
import { developer } from '../../tools/support/environment.js';
import { goldenFiles, templatesOf } from '../support/templates.js';

const yes = { yes: true, git: false };

describe('generator app', () => {
  describe('with --yes', () => {
    for (const { id: template, name } of templatesOf('typescript')) {
      for (const scope of ['app', 'function'] as const) {
        describe(`${template} of scope ${scope}`, () => {
          let folder: string;
          let files: string[];
          before(async () => {
            const { cwd } = await runGenerator('app', { options: { ...yes, template, scope } });
            folder = join(cwd, `azfunc-extension-${name}`);
            files = filesIn(folder);
          });

          it('has a base class of less than 140 lines, as the README promises', () => {
            const base = scope === 'app' ? 'app' : 'func';
            const file = `extension/src/worker-extension/${base}-extension-base.ts`;
            assert.ok(read(folder, file).split('\n').length < 140);
          });

          it('has no trace of the other scope', () => {
            const other =
              scope === 'app'
                ? /FuncExtensionBase|\bfunc-extension|FunctionTarget/
                : /AppExtensionBase|\bapp-extension|Extension\.configure\(/;
            for (const file of files) {
              assert.doesNotMatch(read(folder, file), other, file);
            }
          });

          it('has nothing of the templates left', () => {
            for (const file of files) {
              const text = read(folder, file);
              assert.doesNotMatch(text, /<%|%>|\[object Object\]|&#3[49];|&quot;|TODO|FIXME/, file);
              assert.doesNotMatch(text, /[ \t]+$/m, `trailing white space in ${file}`);
              assert.match(text, /[^\n]\n$/, `${file} does not end in one line break`);
            }
          });

          it('names no package that its package.json does not have', () => {
            for (const part of ['extension', 'function-app']) {
              const { name, dependencies, devDependencies, peerDependencies } = readJson(
                folder,
                part,
                'package.json',
              );
              const known = new Set([
                name,
                ...Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
              ]);
              for (const file of files.filter((one) => one.startsWith(`${part}/`))) {
                for (const [, imported = ''] of read(folder, file).matchAll(
                  /(?:^import|^} from|^import .* from) '((?!node:)@?[a-z][^']*)';/gm,
                )) {
                  assert.ok(known.has(imported), `${file} imports ${imported}`);
                }
              }
            }
          });
        });
      }
    }

    it('takes author and email from git', async () => {
      const { cwd } = await runGenerator('app', { options: yes });
      const { author } = readJson(cwd, 'azfunc-extension-timer/extension/package.json');
      assert.deepEqual(author, developer);
    });

    it('writes to the destination, and takes the name from it', async () => {
      const { cwd } = await runGenerator('app', { args: ['audit'], options: yes });
      const { name } = readJson(cwd, 'audit/extension/package.json');
      assert.equal(name, 'azfunc-extension-audit');
      assert.match(read(cwd, 'audit/extension/src/audit.ts'), /class AuditExtension/);
    });

    it('writes to the current folder for the destination "."', async () => {
      const { cwd } = await runGenerator('app', {
        args: ['.'],
        options: { ...yes, name: 'timer' },
      });
      assert.deepEqual(filesIn(cwd), goldenFiles('typescript-timer-app'));
    });
  });

  describe('flags', () => {
    it('all reach the files', async () => {
      const { cwd } = await runGenerator('app', {
        args: ['out'],
        options: {
          ...yes,
          name: '@contoso/audit-log',
          template: 'timer',
          scope: 'function',
          description: 'It\'s "nice" <b>`x`</b> <%= 1 %>',
          author: 'Grace "G" Example',
          email: 'grace@example.com',
          license: 'apache-2.0',
          repository: 'contoso/audit-log',
          'functions-range': '~4.16.0',
          'function-name': 'say-hello',
        },
      });
      const pack = readJson(cwd, 'out/extension/package.json');
      assert.equal(pack.name, '@contoso/azfunc-extension-audit-log');
      assert.equal(pack.description, 'It\'s "nice" <b>`x`</b> <%= 1 %>');
      assert.deepEqual(pack.author, { name: 'Grace "G" Example', email: 'grace@example.com' });
      assert.equal(pack.license, 'Apache-2.0');
      assert.deepEqual(pack.repository, {
        type: 'git',
        url: 'git+https://github.com/contoso/audit-log.git',
        directory: 'extension',
      });
      assert.equal(
        pack.homepage,
        'https://github.com/contoso/audit-log/tree/HEAD/extension#readme',
      );
      assert.deepEqual(pack.bugs, { url: 'https://github.com/contoso/audit-log/issues' });
      assert.deepEqual(pack.publishConfig, { access: 'public', 'ignore-scripts': false });
      assert.equal(pack.peerDependencies['@azure/functions'], '~4.16.0');
      assert.equal(pack.devDependencies['@azure/functions'], '~4.16.0');
      assert.match(read(cwd, 'out/LICENSE'), /Apache License/);

      const app = readJson(cwd, 'out/function-app/package.json');
      assert.equal(app.dependencies['@azure/functions'], '~4.16.0');
      assert.ok(app.dependencies['@contoso/azfunc-extension-audit-log']);
      assert.match(
        read(cwd, 'out/function-app/src/index.ts'),
        /from '@contoso\/azfunc-extension-audit-log';\n\nnew AuditLogExtension\('say-hello', /,
      );
      assert.match(
        read(cwd, 'out/function-app/src/functions/say-hello.ts'),
        /function sayHello\([^]*app\.http\('say-hello',/,
      );
      const readme = read(cwd, 'out/extension/README.md');
      assert.match(readme, /npm install github:contoso\/audit-log#extension/);
      assert.match(readme, /^It's "nice" \\<b\\>\\`x\\`\\<\/b\\> \\<%= 1 %\\>\.$/m);
    });

    it('--no-function-app leaves the package alone', async () => {
      const { cwd } = await runGenerator('app', {
        options: { ...yes, functionApp: false, repository: 'owner/repo' },
      });
      const folder = join(cwd, 'azfunc-extension-timer');
      assert.ok(!filesIn(folder).some((file) => /host\.json|function-app/.test(file)));
      assert.deepEqual(readJson(folder, 'package.json').repository, {
        type: 'git',
        url: 'git+https://github.com/owner/repo.git',
      });
      assert.match(read(folder, 'README.md'), /npm install github:owner\/repo\n/);
    });

    it('--ci github adds workflows, and --ci none leaves them out', async () => {
      const ci = async (options: object) => {
        const { cwd } = await runGenerator('app', {
          args: ['.'],
          options: { ...yes, name: 'timer', ...options },
        });
        return cwd;
      };
      const github = await ci({ ci: 'github' });
      assert.deepEqual(
        filesIn(github),
        [
          '.github/dependabot.yml',
          '.github/workflows/ci.yml',
          '.github/workflows/release.yml',
          ...goldenFiles('typescript-timer-app'),
        ].sort(),
      );
      assert.match(read(github, 'README.md'), /^## Release from GitHub$/m);
      const none = await ci({ ci: 'none', repository: 'owner/repo' });
      assert.deepEqual(filesIn(none), goldenFiles('typescript-timer-app'));
      assert.doesNotMatch(read(none, 'README.md'), /workflow/);
    });

    it('--ci github is refused in a folder of a repository', async () => {
      const repository = newFolder();
      await run('git', ['init', '--quiet'], { cwd: repository });
      const cwd = join(repository, 'folder');
      mkdirSync(cwd);
      const options = { ...yes, ci: 'github' };
      await assert.rejects(
        runGenerator('app', { args: ['.'], options, cwd }),
        /--ci github: workflows count at the root of a repository only/,
      );
      assert.deepEqual(filesIn(repository), []);
    });

    it('--license UNLICENSED reserves all rights', async () => {
      const { cwd } = await runGenerator('app', {
        args: ['.'],
        options: { ...yes, license: 'unlicensed' },
      });
      assert.equal(readJson(cwd, 'extension/package.json').license, 'UNLICENSED');
      assert.match(
        read(cwd, 'LICENSE'),
        /^Copyright \(c\) \d{4} Ada Example\. All rights reserved\.\n$/,
      );
    });
  });

  describe('questions', () => {
    withTerminal();

    it('ask for everything with --ask-all, and their answers reach the files', async () => {
      const answers = {
        template: 'timer',
        scope: 'function',
        name: 'audit',
        description: 'Audits.',
        author: 'Grace',
        email: 'grace@example.com',
        license: 'ISC',
        repository: '',
        functionsRange: '^4.2.0',
        functionApp: true,
        functionName: 'Hello',
        ci: 'none',
        git: false,
      };
      const result = await runGenerator('app', { options: { askAll: true }, answers });
      assert.deepEqual(
        result.askedQuestions.map(({ name }) => name),
        Object.keys(answers),
      );
      const folder = join(result.cwd, 'azfunc-extension-audit');
      const pack = readJson(folder, 'extension/package.json');
      assert.equal(pack.description, 'Audits.');
      assert.deepEqual(pack.author, { name: 'Grace', email: 'grace@example.com' });
      assert.equal(pack.license, 'ISC');
      assert.equal(pack.repository, undefined);
      assert.match(read(folder, 'function-app/src/index.ts'), /new AuditExtension\('Hello', /);
    });

    const main = { template: 'timer', scope: 'app', name: 'My Audit', repository: '' };

    it('are four, and whether to change the rest', async () => {
      const { askedQuestions, cwd } = await runGenerator('app', {
        answers: { ...main, change: false },
      });
      assert.deepEqual(
        askedQuestions.map(({ name }) => name),
        [...Object.keys(main), 'change'],
      );
      const { author, license } = readJson(cwd, 'azfunc-extension-my-audit/extension/package.json');
      assert.deepEqual(author, { name: 'Ada Example', email: 'ada@example.com' });
      assert.equal(license, 'MIT');
    });

    it('are asked of the rest where somebody wants to change it', async () => {
      const { askedQuestions, cwd } = await runGenerator('app', {
        answers: {
          ...main,
          change: true,
          flags: ['license', 'function-app'],
          license: 'ISC',
          functionApp: false,
        },
      });
      assert.deepEqual(
        askedQuestions.map(({ name }) => name),
        [...Object.keys(main), 'change', 'flags', 'license', 'functionApp'],
      );
      assert.equal(readJson(cwd, 'azfunc-extension-my-audit/package.json').license, 'ISC');
    });

    it('refuses --ask-all with --yes', async () => {
      await assert.rejects(
        runGenerator('app', { options: { ...yes, askAll: true } }),
        /Give one of them/,
      );
    });

    it('are not asked where there is a flag', async () => {
      const result = await runGenerator('app', {
        options: {
          askAll: true,
          template: 'timer',
          scope: 'app',
          name: 'timer',
          description: 'x',
          author: 'y',
          license: 'MIT',
          git: false,
        },
        answers: {
          email: '',
          repository: '',
          functionsRange: '^4.1.0',
          functionApp: false,
          ci: 'none',
        },
      });
      assert.deepEqual(
        result.askedQuestions.map(({ name }) => name),
        ['email', 'repository', 'functionsRange', 'functionApp', 'ci'],
      );
    });
  });

  describe('refusals', () => {
    for (const [options, reason] of [
      [{ name: 'tim/er' }, /npm package name/],
      [{ template: 'tmier' }, /no template "tmier"/],
      [{ scope: 'both' }, /app or function/],
      [{ email: 'nobody' }, /not an email/],
      [{ license: 'MTI' }, /SPDX/],
      [{ repository: 'nowhere' }, /not the address/],
      [{ 'functions-range': '^3.0.0' }, /not within/],
      [{ 'function-name': '../x' }, /not a function name/],
      [{ ci: 'gitlab' }, /for github, or there are none, not "gitlab"/],
      [{ description: true }, /needs a value/],
    ] as const) {
      it(`refuses ${JSON.stringify(options)}, and writes nothing`, async () => {
        const cwd = newFolder();
        await assert.rejects(runGenerator('app', { options: { ...yes, ...options }, cwd }), reason);
        assert.deepEqual(filesIn(cwd), []);
      });
    }
  });
});
