import assert from 'node:assert/strict';
import { pythonSegments, scriptSegments } from '../../generators/templates/segments.js';
import {
  type OutputNames,
  rulesFor,
  substitute,
  substituteInPath,
} from '../../generators/templates/substitute.js';
import { typescript } from '../../generators/languages/typescript.js';
import { python } from '../../generators/languages/python.js';

const NAMES: OutputNames = {
  class: 'AuditLogExtension',
  stem: 'AuditLog',
  file: 'audit-log',
  package: '@contoso/azfunc-extension-audit-log',
  module: '@contoso/azfunc-extension-audit-log',
  function: 'get-orders',
  identifier: 'getOrders',
};

const RULES = rulesFor(
  {
    TimerExtension: '{class}',
    TimerOptions: '{stem}Options',
    timer: '{file}',
    'azfunc-extension-timer': '{package}',
    HttpTrigger: '{function}',
    AppExtensionBase: 'FuncExtensionBase',
    'app-extension-base': 'func-extension-base',
  },
  NAMES,
  typescript.code.toIdentifier,
);

const inScript = (source: string) => substitute(source, RULES, scriptSegments);

describe('substitution in TypeScript', () => {
  for (const [what, source, expected] of [
    ['a class', 'class TimerExtension {}', 'class AuditLogExtension {}'],
    [
      'a class in text',
      '// TimerExtension\n`${TimerExtension.name}: TimerExtension`',
      '// AuditLogExtension\n`${AuditLogExtension.name}: AuditLogExtension`',
    ],
    [
      'no part of a word',
      'TimerExtensions MyTimerExtension $TimerExtension',
      'TimerExtensions MyTimerExtension $TimerExtension',
    ],
    ['a type of the stem', 'x: TimerOptions', 'x: AuditLogOptions'],
    ['a relative import', "import { a } from './timer';", "import { a } from './audit-log';"],
    ['a path with an ending', "import('../src/timer.js')", "import('../src/audit-log.js')"],
    [
      'no word in a text or a name',
      "const timer = 'a timer'; // ./timer",
      "const timer = 'a timer'; // ./timer",
    ],
    [
      'no longer path',
      "import './timer-result'; import './my.timer'",
      "import './timer-result'; import './my.timer'",
    ],
    [
      'a name of the scope',
      "import { AppExtensionBase } from './worker-extension/app-extension-base';",
      "import { FuncExtensionBase } from './worker-extension/func-extension-base';",
    ],
    [
      'a package',
      "import { x } from 'azfunc-extension-timer';",
      "import { x } from '@contoso/azfunc-extension-audit-log';",
    ],
    [
      'a path in a package',
      "require('azfunc-extension-timer/package.json')",
      "require('@contoso/azfunc-extension-audit-log/package.json')",
    ],
    ['no longer package', "'azfunc-extension-timer-app'", "'azfunc-extension-timer-app'"],
    [
      'a function in code',
      'app.http("HttpTrigger", { handler: HttpTrigger });',
      'app.http("get-orders", { handler: getOrders });',
    ],
    ['a function in a template literal', '`${host}/api/HttpTrigger`', '`${host}/api/get-orders`'],
    [
      'a function in an expression of a template literal',
      '`${f({ a: HttpTrigger })} HttpTrigger`',
      '`${f({ a: getOrders })} get-orders`',
    ],
    [
      'a function in a pattern',
      'match(log, /^HttpTrigger: ["\'] done/)',
      'match(log, /^get-orders: ["\'] done/)',
    ],
    [
      'a function after a division',
      'const a = b / c; HttpTrigger(); // a / HttpTrigger',
      'const a = b / c; getOrders(); // a / get-orders',
    ],
    ['a quote in a comment', "// it's\nHttpTrigger; // it's", "// it's\ngetOrders; // it's"],
  ] as const) {
    it(`replaces ${what}`, () => {
      assert.equal(inScript(source), expected);
    });
  }

  it('keeps all text: segments make up the source', () => {
    const source = "a = `x${ {b: `${c}`} }y` / /[/'\"]+/.exec('\\'') // end\n/* ` */ }`";
    assert.equal(
      scriptSegments(source)
        .map(({ text }) => text)
        .join(''),
      source,
    );
  });

  it('replaces nothing twice', () => {
    const rules = rulesFor({ A: 'B', B: 'C' }, NAMES, typescript.code.toIdentifier);
    assert.equal(substitute('A B', rules, scriptSegments), 'B C');
  });

  it('replaces names in paths', () => {
    assert.equal(substituteInPath('test/timer.test.ts', RULES), 'test/audit-log.test.ts');
    assert.equal(
      substituteInPath('src/functions/HttpTrigger.ts', RULES),
      'src/functions/get-orders.ts',
    );
    assert.equal(substituteInPath('src/timers/http-timer.ts', RULES), 'src/timers/http-timer.ts');
  });
});

describe('substitution in Python', () => {
  const rules = rulesFor(
    {
      TimerExtension: '{class}',
      python_worker_extension_timer: '{module}',
      test_timer: 'test_{file}',
      HttpTrigger: '{function}',
    },
    { ...NAMES, module: 'python_worker_extension_audit', file: 'audit', identifier: 'get_orders' },
    python.code.toIdentifier,
  );

  for (const [what, source, expected] of [
    [
      'a module',
      'from python_worker_extension_timer import TimerExtension',
      'from python_worker_extension_audit import AuditLogExtension',
    ],
    [
      'the identifier of a function',
      'def http_trigger(req):\n    "HttpTrigger"',
      'def get_orders(req):\n    "get-orders"',
    ],
    [
      'a function in a text',
      'f"/api/HttpTrigger" # HttpTrigger',
      'f"/api/get-orders" # get-orders',
    ],
  ] as const) {
    it(`replaces ${what}`, () => {
      assert.equal(substitute(source, rules, pythonSegments), expected);
    });
  }

  it('replaces names in paths', () => {
    assert.equal(substituteInPath('tests/test_timer.py', rules), 'tests/test_audit.py');
    assert.equal(
      substituteInPath('python_worker_extension_timer/py.typed', rules),
      'python_worker_extension_audit/py.typed',
    );
  });
});
