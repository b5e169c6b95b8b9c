import assert from 'node:assert/strict';
import { buildEnvironment, parseLocalSettings } from '../../src/config/index.js';

function parse(settings: object) {
  return parseLocalSettings(JSON.stringify({ IsEncrypted: false, ...settings }));
}

function environment(settings: object, env: Record<string, string> = {}) {
  return buildEnvironment(env, parse(settings), { root: '/app', port: 7071 });
}

describe('local.settings.json', () => {
  it('may be missing', () => {
    const { values, port, cors } = parseLocalSettings(undefined);
    assert.deepEqual([values.size, port, cors.origins], [0, undefined, []]);
  });

  it('may have comments, commas at the end and a byte order mark', () => {
    const { values } = parseLocalSettings(
      '\uFEFF// top\n{ /* a */ "IsEncrypted": false, "Values": { "A": "//1", "B": "2", }, }\n// end',
    );
    assert.deepEqual(
      [...values],
      [
        ['A', '//1'],
        ['B', '2'],
      ],
    );
  });

  for (const [written, text] of [
    ['"x"', 'x'],
    ['""', ''],
    ['null', null],
    ['true', 'True'],
    ['false', 'False'],
    ['5', '5'],
    ['-0', '0'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.50', '1.5'],
    ['2.0', '2'],
    ['1e3', '1000'],
    ['1e20', '1E+20'],
    ['0.00001', '1E-05'],
    ['0.0001', '0.0001'],
    ['"2024-05-01T00:00:00Z"', '2024-05-01T00:00:00Z'],
  ] as const) {
    it(`has values as texts: ${written}`, () => {
      const { values } = parseLocalSettings(`{"IsEncrypted":false,"Values":{"A":${written}}}`);
      assert.equal(values.get('A'), text);
    });
  }

  it('takes the last value of a key', () => {
    const { values } = parseLocalSettings('{"IsEncrypted":false,"Values":{"A":"1","A":"2"}}');
    assert.equal(values.get('A'), '2');
  });

  it('has connection strings in two forms', () => {
    const { connectionStrings } = parse({
      ConnectionStrings: {
        A: 'a',
        B: { ConnectionString: 'b', ProviderName: 'p' },
        C: {},
        D: null,
      },
    });
    assert.deepEqual(
      [...connectionStrings],
      [
        ['A', 'a'],
        ['B', 'b'],
        ['C', null],
        ['D', null],
      ],
    );
  });

  for (const [what, host, expected] of [
    ['nothing', undefined, [undefined, [], false]],
    ['null', null, [undefined, [], false]],
    ['a port', { LocalHttpPort: 7072 }, [7072, [], false]],
    ['a port as text', { LocalHttpPort: '7072' }, [7072, [], false]],
    ['port 0', { LocalHttpPort: 0 }, [undefined, [], false]],
    ['other cases', { localhttpport: 7072, cors: '*' }, [7072, ['*'], false]],
    [
      'origins',
      { CORS: 'http://a,,http://b,', CORSCredentials: true },
      [undefined, ['http://a', 'http://b'], true],
    ],
    ['no origins', { CORS: '', CORSCredentials: 'false' }, [undefined, [], false]],
  ] as const) {
    it(`has a part for the host: ${what}`, () => {
      const { port, cors } = parse({ Host: host });
      assert.deepEqual([port, cors.origins, cors.credentials], expected);
    });
  }

  for (const [what, text, message] of [
    [
      'a comma is missing',
      '{\n  "A": 1\n  "B": 2\n}',
      'local.settings.json is not valid JSON: comma expected in line 3, column 3.',
    ],
    ['it is cut off', '{"A": {', /not valid JSON: close brace expected in line 1, column 8/],
    ['it is empty', '', /not valid JSON/],
    ['it is a list', '[]', 'local.settings.json has to hold a JSON object.'],
    [
      'it is encrypted',
      '{"IsEncrypted":true,"Values":{"A":"x"}}',
      'local.settings.json is encrypted. Run: func settings decrypt',
    ],
    [
      'connection strings are encrypted',
      '{"IsEncrypted":true,"ConnectionStrings":{"A":"x"}}',
      /is encrypted/,
    ],
    [
      'it does not say that it is not encrypted',
      '{"Values":{"A":"x"}}',
      /has no "IsEncrypted": false/,
    ],
    [
      'IsEncrypted is no truth value',
      '{"IsEncrypted":"no"}',
      /"IsEncrypted" has to be true or false/,
    ],
    [
      'a value is nested',
      '{"IsEncrypted":false,"Values":{"A":{"B":"x"}}}',
      /"Values.A" has to be a text/,
    ],
    ['values are a list', '{"IsEncrypted":false,"Values":["A"]}', /"Values" has to be an object/],
    ['the port is none', '{"IsEncrypted":false,"Host":{"LocalHttpPort":"x"}}', /LocalHttpPort/],
    [
      'the port is too large',
      '{"IsEncrypted":false,"Host":{"LocalHttpPort":70000}}',
      /LocalHttpPort/,
    ],
    ['origins are a list', '{"IsEncrypted":false,"Host":{"CORS":["*"]}}', /"Host.CORS"/],
    [
      'it has what Core Tools sets',
      '{"IsEncrypted":false,"Values":{"WEBSITE_HOSTNAME":"x"}}',
      /sets WEBSITE_HOSTNAME/,
    ],
  ] as const) {
    it(`is refused in one line: ${what}`, () => {
      assert.throws(
        () => parseLocalSettings(text),
        (error: Error) => {
          assert.equal(error.constructor.name, 'ConfigError');
          assert.doesNotMatch(error.message, /\n/);
          if (typeof message === 'string') {
            assert.equal(error.message, message);
          } else {
            assert.match(error.message, message);
          }
          return true;
        },
      );
    });
  }

  for (const text of [
    '{"IsEncrypted":true}',
    '{"Values":{}}',
    '{"Values":{"A":""}}',
    '{"IsEncrypted":"False","Values":{"A":"x"}}',
    '{}',
  ]) {
    it(`is accepted: ${text}`, () => void parseLocalSettings(text));
  }
});

describe('environment', () => {
  it('has what Core Tools sets', () => {
    assert.deepEqual(environment({}).variables, {
      WEBSITE_HOSTNAME: 'localhost:7071',
      AzureWebJobsScriptRoot: '/app',
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      FUNCTIONS_WORKER_RUNTIME: 'node',
    });
  });

  it('has the settings, but for null ones', () => {
    const { variables, messages } = environment({ Values: { A: 'a', B: '', C: null, '': 'x' } });
    assert.equal(variables['A'], 'a');
    assert.equal(variables['B'], '');
    assert.ok(!('C' in variables) && !('' in variables));
    assert.deepEqual(messages, [
      'The local setting C is skipped: its value is null.',
      'A local setting without a name is skipped.',
    ]);
  });

  it('keeps a variable that is set, and replaces an empty one', () => {
    const { variables, messages } = environment(
      { Values: { A: 'local', B: 'local' } },
      { A: 'set', B: '' },
    );
    assert.ok(!('A' in variables));
    assert.equal(variables['B'], 'local');
    assert.deepEqual(messages, ['The local setting A is skipped: the environment has it.']);
  });

  it('has connection strings', () => {
    const { variables } = environment({
      ConnectionStrings: { Db: { ConnectionString: 'Server=x' }, Other: 'y' },
    });
    assert.equal(variables['ConnectionStrings:Db'], 'Server=x');
    assert.equal(variables['ConnectionStrings:Other'], 'y');
  });

  it('is Development, whatever the settings say', () => {
    const { variables, warnings } = environment({
      Values: { AZURE_FUNCTIONS_ENVIRONMENT: 'Staging' },
    });
    assert.equal(variables['AZURE_FUNCTIONS_ENVIRONMENT'], 'Development');
    assert.match(warnings[0] ?? '', /"Staging"/);
  });

  it('is what the environment says', () => {
    const { variables, warnings } = environment({}, { AZURE_FUNCTIONS_ENVIRONMENT: 'Staging' });
    assert.ok(!('AZURE_FUNCTIONS_ENVIRONMENT' in variables));
    assert.deepEqual(warnings, []);
  });

  for (const [what, values, env, expected, warns] of [
    ['node', { FUNCTIONS_WORKER_RUNTIME: 'node' }, {}, 'node', false],
    ['empty', { FUNCTIONS_WORKER_RUNTIME: '' }, {}, 'node', false],
    ['another one', { FUNCTIONS_WORKER_RUNTIME: 'python' }, {}, 'python', true],
    [
      'the variable',
      { FUNCTIONS_WORKER_RUNTIME: 'python' },
      { FUNCTIONS_WORKER_RUNTIME: 'node' },
      undefined,
      false,
    ],
  ] as const) {
    it(`has a worker runtime: ${what}`, () => {
      const { variables, warnings } = environment({ Values: values }, env);
      assert.equal(variables['FUNCTIONS_WORKER_RUNTIME'], expected);
      assert.equal(warnings.length > 0, warns);
    });
  }
});
