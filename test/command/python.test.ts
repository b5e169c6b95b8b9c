import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read, readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { runGenerator, withTerminal } from '../support/generator.js';
import { cli } from '../../tools/support/processes.js';
import { pythonProjects } from '../../tools/support/python.js';
import { checkFormat } from '../support/style.js';
import { goldenFiles, templatesOf } from '../support/templates.js';
import { treeOf } from '../support/trees.js';

const yes = { yes: true, git: false, language: 'python' };

describe('generator app for Python', () => {
  for (const { id: template, name } of templatesOf('python')) {
    for (const { scope, model } of pythonProjects) {
      describe(`${template} of scope ${scope} for ${model}`, () => {
        let folder: string;
        let files: string[];
        before(async () => {
          const { cwd } = await runGenerator('app', {
            options: { ...yes, template, scope, 'programming-model': model },
          });
          folder = join(cwd, `python-worker-extension-${name}`);
          files = filesIn(folder);
        });

        it('has nothing of the templates left, and nothing of npm', () => {
          for (const file of files.filter((one) => !one.endsWith('local_host.py'))) {
            const text = read(folder, file);
            assert.doesNotMatch(text, /<%|%>|\[object Object\]|undefined|TODO|FIXME/, file);
            if (file !== '.azfunc-extension.json') {
              assert.doesNotMatch(text, /\bnpm\b|package\.json|azfunc-extension|TypeScript/, file);
            }
            assert.doesNotMatch(text, /[ \t]+$/m, `trailing white space in ${file}`);
            assert.match(text, /^$|[^\n]\n$/, `${file} does not end in one line break`);
          }
        });

        it('has no trace of the other scope where it does something', () => {
          const code = read(folder, `extension/src/python_worker_extension_${name}/__init__.py`);
          assert.doesNotMatch(
            code,
            scope === 'app'
              ? /FuncExtensionBase|file_path/
              : /AppExtensionBase|app_level|init\(cls/,
          );
          const app = read(
            folder,
            'function-app',
            model === 'v1' ? 'HttpTrigger/__init__.py' : 'function_app.py',
          );
          assert.equal(app.includes('.configure('), scope === 'app');
          assert.equal(
            app.includes('Extension("HttpTrigger"'),
            scope === 'function' && model === 'v2',
          );
        });
      });
    }
  }

  for (const scope of ['app', 'function']) {
    it(`makes the same package of scope ${scope} for every programming model`, async () => {
      const options = { ...yes, scope };
      const [v1, v2] = [newFolder('v1'), newFolder('v2')];
      await runGenerator('app', {
        args: ['.'],
        options: { ...options, name: 'timer', 'programming-model': 'v1' },
        cwd: v1,
      });
      await runGenerator('app', { args: ['.'], options: { ...options, name: 'timer' }, cwd: v2 });
      assert.deepEqual(treeOf(join(v1, 'extension')), treeOf(join(v2, 'extension')));
    });
  }

  it('has Markdown and JSON in our format', async () => {
    const cwd = newFolder('format');
    for (const { id: template } of templatesOf('python')) {
      for (const { scope, model } of pythonProjects) {
        await runGenerator('app', {
          args: [`${template}-${scope}-${model}`],
          options: { ...yes, template, scope, 'programming-model': model },
          cwd,
        });
      }
    }
    for (const packageManager of ['pip', 'uv']) {
      const options = { ...yes, packageManager, ci: 'github' };
      await runGenerator('app', { args: [`${packageManager}-github`], options, cwd });
      await runGenerator('extension', { args: [`${packageManager}-alone`], options, cwd });
    }
    await checkFormat(cwd);
  });

  it('writes what the tutorial shows', async () => {
    const { cwd } = await runGenerator('app', { args: ['.'], options: { ...yes, name: 'timer' } });
    assert.match(
      read(cwd, 'function-app/function_app.py'),
      /^from python_worker_extension_timer import TimerExtension\n[^]*^TimerExtension\.configure\(append_to_http_response=True\)$/m,
    );
    const { Values } = readJson(cwd, 'function-app/local.settings.json');
    assert.equal(Values.FUNCTIONS_WORKER_RUNTIME, 'python');
    assert.equal(Values.PYTHON_ENABLE_WORKER_EXTENSIONS, '1');
    assert.match(read(cwd, 'extension/pyproject.toml'), /"azure-functions>=1\.7\.0,<3"/);
    assert.match(read(cwd, 'extension/pyproject.toml'), /^requires-python = ">=3\.10"$/m);
    assert.match(
      read(cwd, 'function-app/requirements.txt'),
      /^--find-links wheels\npython-worker-extension-timer==1\.0\.0\n[^]*^# git\+https:/m,
    );
  });

  it('lets all flags reach the files', async () => {
    const { cwd } = await runGenerator('app', {
      args: ['out'],
      options: {
        ...yes,
        name: 'Contoso.Audit_Log',
        scope: 'function',
        description: 'It\'s "nice" \\ <b>`x`</b> <%= 1 %>',
        author: 'Grace "G" Example',
        email: 'grace@example.com',
        license: 'apache-2.0',
        repository: 'contoso/audit-log',
        'function-name': 'say-hello',
      },
    });
    const project = read(cwd, 'out/extension/pyproject.toml');
    for (const line of [
      'name = "python-worker-extension-contoso-audit-log"',
      String.raw`description = "It's \"nice\" \\ <b>${'`x`'}</b> <%= 1 %>"`,
      String.raw`authors = [{ name = "Grace \"G\" Example", email = "grace@example.com" }]`,
      'Repository = "https://github.com/contoso/audit-log"',
      'Issues = "https://github.com/contoso/audit-log/issues"',
    ]) {
      assert.ok(project.split('\n').includes(line), line);
    }
    assert.match(read(cwd, 'out/extension/setup.cfg'), /^license = Apache-2.0$/m);
    assert.match(read(cwd, 'out/LICENSE'), /Apache License/);
    assert.match(
      read(cwd, 'out/function-app/function_app.py'),
      /^ContosoAuditLogExtension\("say-hello", append_to_http_response=True\)\n[^]*@app\.function_name\("say-hello"\)\n[^]*def say_hello\(/m,
    );
    const requirement = 'git+https://github.com/contoso/audit-log@main#subdirectory=extension';
    for (const file of ['README.md', 'extension/README.md', 'function-app/requirements.txt']) {
      const text = read(cwd, 'out', file);
      assert.ok(text.includes(requirement), file);
      assert.ok(!text.includes('owner/repo'), file);
    }
  });

  it('leaves out the author who is not known, and takes an address alone', async () => {
    for (const [email, authors] of [
      ['', undefined],
      ['grace@example.com', 'authors = [{ email = "grace@example.com" }]'],
    ] as const) {
      const { cwd } = await runGenerator('app', {
        args: ['.'],
        options: { ...yes, name: 'timer', author: '', email },
      });
      const project = read(cwd, 'extension/pyproject.toml');
      assert.equal(/^authors.*$/m.exec(project)?.[0], authors);
    }
  });

  it('keeps a package without a license from PyPI', async () => {
    const { cwd } = await runGenerator('app', {
      args: ['.'],
      options: { ...yes, name: 'timer', license: 'UNLICENSED' },
    });
    const project = read(cwd, 'extension/pyproject.toml');
    assert.match(read(cwd, 'extension/setup.cfg'), /^license = Proprietary$/m);
    assert.match(project, /"Private :: Do Not Upload"/);
  });

  it('writes the package alone with --no-function-app and by :extension', async () => {
    const github = { ...yes, ci: 'github' };
    const app = await runGenerator('app', { options: { ...github, functionApp: false } });
    const extension = await runGenerator('extension', { options: github });
    for (const { cwd } of [app, extension]) {
      const folder = join(cwd, 'python-worker-extension-timer');
      assert.deepEqual(
        filesIn(folder)
          .map((file) => file.replaceAll('timer', 'http_audit'))
          .sort(),
        goldenFiles('python-timer-function-alone'),
      );
      assert.doesNotMatch(read(folder, 'README.md'), /subdirectory/);
    }
  });

  it('has no part in an npm workspace around it', async () => {
    const cwd = newFolder('workspace');
    const before = '{ "workspaces": ["packages/*"] }\n';
    writeFileSync(join(cwd, 'package.json'), before);
    await runGenerator('app', { args: ['packages/a'], options: yes, cwd });
    await runGenerator('extension', { args: ['b'], options: yes, cwd });
    assert.equal(read(cwd, 'package.json'), before);
    assert.ok(existsSync(join(cwd, 'packages/a/extension/pyproject.toml')));
  });

  it('needs neither npm nor Python, and tells how to go on', async () => {
    const cwd = newFolder();
    const { exitCode, all } = await cli(['audit', '--language', 'python', '--yes'], {
      cwd,
      env: { PATH: '/nowhere' },
    });
    assert.equal(exitCode, 0, all);
    assert.match(
      all,
      /\n {2}1\. cd audit\n {2}2\. python3 -m venv \.venv +#.*\n {2}3\. source \.venv\/bin\/activate\n[^]*python local_host\.py[^]*api\/HttpTrigger/,
    );
    assert.doesNotMatch(all, /npm/);
  });

  for (const [args, reason] of [
    [['--language', 'ruby'], /^A language is typescript or python, not "ruby"\.$/],
    [['--language', 'python', '--template', 'guard'], /^There is no template "guard" in Python\. /],
    [
      ['--language', 'python', '--functions-range', '^4.1.0'],
      /^--functions-range is for TypeScript, not for Python\. /,
    ],
    [
      ['--language', 'python', '--package-manager', 'pnpm'],
      /^A package manager of Python is pip or uv, not "pnpm"\.$/,
    ],
    [['--package-manager', 'uv'], /^A package manager of TypeScript is npm, .* not "uv"\.$/],
    [['--programming-model', 'v1'], /^--programming-model is for Python, not for TypeScript\. /],
    [
      ['--language=python', '--programming-model=v1', '--function-name=tests'],
      /^"tests" is the folder of the tests\. Take another name\.$/,
    ],
    [[':function-app', '--language', 'python', '--extension', './none'], /^There is no \S+none\.$/],
  ] as const) {
    it(`refuses ${args.join(' ')} in one line, and writes nothing`, async () => {
      const cwd = newFolder();
      const { exitCode, all } = await cli([...args, '--yes', '--no-git'], { cwd });
      assert.equal(exitCode, 1);
      assert.match(all, reason);
      assert.equal(all.split('\n').length, 1);
      assert.deepEqual(filesIn(cwd), []);
    });
  }

  describe('questions', () => {
    withTerminal();

    it('are those of Python, and their answers reach the files', async () => {
      const answers = {
        template: 'blank',
        scope: 'app',
        name: 'audit',
        description: 'Audits.',
        author: 'Grace',
        email: 'grace@example.com',
        license: 'MIT',
        repository: '',
        functionApp: true,
        programmingModel: 'v1',
        functionName: 'Hello',
        ci: 'none',
        git: false,
      };
      const result = await runGenerator('app', {
        options: { language: 'python', askAll: true },
        answers,
      });
      assert.deepEqual(
        result.askedQuestions.map(({ name }) => name),
        Object.keys(answers),
      );
      assert.match(
        read(result.cwd, 'python-worker-extension-audit/function-app/Hello/__init__.py'),
        /^AuditExtension\.configure\(\)$/m,
      );
    });
  });
});
