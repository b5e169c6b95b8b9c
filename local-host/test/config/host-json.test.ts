import assert from 'node:assert/strict';
import {
  functionCategory,
  isDisabled,
  isLogged,
  parseHostJson,
  userCategory,
  type Level,
} from '../../src/config/index.js';

function parse(config: object = {}, env: Record<string, string> = {}) {
  return parseHostJson(JSON.stringify({ version: '2.0', ...config }), env);
}

const http = (options: object) => ({ extensions: { http: options } });

describe('host.json', () => {
  it('has defaults', () => {
    const config = parse();
    assert.deepEqual(
      { ...config, customHeaders: [...config.customHeaders], logLevels: config.logLevels.default },
      {
        routePrefix: 'api',
        customHeaders: [],
        hsts: { isEnabled: false, maxAge: 2_592_000, includeSubDomains: false, preload: false },
        maxOutstandingRequests: undefined,
        maxConcurrentRequests: undefined,
        functionTimeout: 1_800_000,
        isTraced: false,
        logLevels: undefined,
        functions: undefined,
      },
    );
  });

  it('is completed if it is an empty object', () => {
    assert.equal(parseHostJson('{}').routePrefix, 'api');
  });

  it('is read without looking at the case of its keys', () => {
    const config = parse({ Extensions: { HTTP: { RoutePrefix: 'v1' } }, FUNCTIONS: ['a'] });
    assert.deepEqual([config.routePrefix, config.functions], ['v1', ['a']]);
  });

  for (const [what, options, env, expected] of [
    ['set', { routePrefix: 'v1' }, {}, 'v1'],
    ['empty', { routePrefix: '' }, {}, ''],
    ['null', { routePrefix: null }, {}, ''],
    ['a number', { routePrefix: 1 }, {}, '1'],
    [
      'overridden',
      { routePrefix: 'v1' },
      { AzureFunctionsJobHost__extensions__http__routePrefix: 'v2' },
      'v2',
    ],
    [
      'overridden in another case',
      {},
      { azurefunctionsjobhost__EXTENSIONS__Http__RoutePrefix: '' },
      '',
    ],
    [
      'overridden with colons',
      {},
      { 'AzureFunctionsJobHost:extensions:http:routePrefix': 'v3' },
      'v3',
    ],
    ['not overridden', { routePrefix: 'v1' }, { extensions__http__routePrefix: 'v2' }, 'v1'],
  ] as const) {
    it(`has a route prefix: ${what}`, () => {
      assert.equal(parse(http(options), env).routePrefix, expected);
    });
  }

  it('has custom headers', () => {
    const { customHeaders } = parse(http({ customHeaders: { 'X-A': '1', 'X-B': true } }), {
      AzureFunctionsJobHost__extensions__http__customHeaders__X_C: 'c',
      'AzureFunctionsJobHost__extensions__http__customHeaders__x-a': '2',
    });
    assert.deepEqual(
      [...customHeaders],
      [
        ['X-A', '2'],
        ['X-B', 'True'],
        ['X_C', 'c'],
      ],
    );
  });

  it('has strict transport security', () => {
    assert.deepEqual(
      parse(http({ hsts: { isEnabled: true, maxAge: '10', preload: 'True' } })).hsts,
      {
        isEnabled: true,
        maxAge: 864_000,
        includeSubDomains: false,
        preload: true,
      },
    );
  });

  for (const [written, expected] of [
    [200, 200],
    ['5', 5],
    [-1, undefined],
  ] as const) {
    it(`limits outstanding requests: ${written}`, () => {
      assert.equal(
        parse(http({ maxOutstandingRequests: written })).maxOutstandingRequests,
        expected,
      );
    });
  }

  for (const [written, expected] of [
    ['00:05:00', 300_000],
    ['00:00:01', 1000],
    ['00:00:01.5', 1500],
    ['01:30', 5_400_000],
    ['1.00:00:00', 86_400_000],
    ['1:00:00:00', 86_400_000],
    ['2', 172_800_000],
    ['-1', undefined],
    ['-1.00:00:00', undefined],
  ] as const) {
    it(`has a timeout: ${written}`, () => {
      assert.equal(parse({ functionTimeout: written }).functionTimeout, expected);
    });
  }

  it('lists functions, item by item overridden', () => {
    assert.deepEqual(parse({ functions: ['a', 'b'] }).functions, ['a', 'b']);
    assert.equal(parse({ functions: [] }).functions, undefined);
    assert.deepEqual(
      parse(
        { functions: ['a', 'b'] },
        { AzureFunctionsJobHost__functions__0: 'x', AzureFunctionsJobHost__functions__10: 'z' },
      ).functions,
      ['x', 'b', 'z'],
    );
  });

  for (const [what, text, message] of [
    ['it is missing', undefined, /There is no host.json/],
    [
      'it is cut off',
      '{"version": "2.0",\n "extensions": {\n',
      /^host.json is not valid JSON: .+ in line 3, column 1\.$/,
    ],
    ['it has no version', '{"extensions":{}}', 'host.json has no "version": "2.0".'],
    ['its version is empty', '{"version":""}', /no "version"/],
    ['its version is null', '{"version":null}', /no "version"/],
    [
      'its version is 3',
      '{"version":"3.0"}',
      'host.json has "version": "3.0". It has to be "2.0", as a text.',
    ],
    [
      'its version is a number',
      '{"version":2.0}',
      'host.json has "version": 2. It has to be "2.0", as a text.',
    ],
    [
      'a limit is no number',
      '{"version":"2.0","extensions":{"http":{"maxOutstandingRequests":"many"}}}',
      /^host.json: "extensions.http.maxOutstandingRequests" is "many"/,
    ],
    [
      'a limit is 0',
      '{"version":"2.0","extensions":{"http":{"maxOutstandingRequests":0}}}',
      /from 1 on/,
    ],
    [
      'a timeout is no time',
      '{"version":"2.0","functionTimeout":"5m"}',
      /"functionTimeout" is "5m"/,
    ],
    ['a timeout has 25 hours', '{"version":"2.0","functionTimeout":"25:00:00"}', /functionTimeout/],
    [
      'a timeout is too short',
      '{"version":"2.0","functionTimeout":"00:00:00.5"}',
      /a second or more/,
    ],
    [
      'a truth value is none',
      '{"version":"2.0","extensions":{"http":{"hsts":{"isEnabled":"yes"}}}}',
      /true or false/,
    ],
    [
      'a log level is none',
      '{"version":"2.0","logging":{"logLevel":{"Function":"Verbose"}}}',
      /"logging.logLevel.Function" is "Verbose"/,
    ],
  ] as const) {
    it(`is refused in one line: ${what}`, () => {
      assert.throws(
        () => parseHostJson(text),
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
});

describe('log level', () => {
  const ALL: Level[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical'];

  /** The first level that is printed, by category. */
  const firstOf = (logLevel: object, category: string, env: Record<string, string> = {}) => {
    const { logLevels } = parse({ logging: { logLevel } }, env);
    return ALL.find((level) => isLogged(logLevels, category, level));
  };

  for (const [what, logLevel, category, expected] of [
    ['of the app by default', {}, userCategory('Hello'), 'information'],
    ['of a function by default', {}, functionCategory('Hello'), 'information'],
    ['of console.log by default', {}, 'Host.Function.Console', 'information'],
    ['of the host by default', {}, 'Host.Startup', 'warning'],
    ['Default', { default: 'Error' }, userCategory('Hello'), 'error'],
    ['Default for the host', { Default: 'Debug' }, 'Host.Startup', 'debug'],
    ['Function', { Function: 'Warning' }, userCategory('Hello'), 'warning'],
    ['Function, not the host', { Function: 'Trace' }, 'Host.Startup', 'warning'],
    [
      'Function.<name>',
      { Function: 'Error', 'Function.Hello': 'Debug' },
      userCategory('Hello'),
      'debug',
    ],
    [
      'Function.<name> of another',
      { Function: 'Error', 'Function.Hello': 'Debug' },
      userCategory('Other'),
      'error',
    ],
    [
      'Function.<name>.User',
      { 'Function.Hello': 'None', 'Function.Hello.User': 'Trace' },
      userCategory('Hello'),
      'trace',
    ],
    [
      'Function.<name>.User, not the function',
      { 'Function.Hello.User': 'Trace' },
      functionCategory('Hello'),
      'information',
    ],
    [
      'the longest, in any order',
      { 'function.hello': 'Debug', Function: 'Error' },
      functionCategory('Hello'),
      'debug',
    ],
    ['a beginning of the name', { 'Function.He': 'Error' }, functionCategory('Hello'), 'error'],
    ['none', { Function: 'None' }, functionCategory('Hello'), undefined],
    ['a number', { Function: 4 }, functionCategory('Hello'), 'error'],
    [
      'before Default',
      { Default: 'Trace', Function: 'Critical' },
      functionCategory('Hello'),
      'critical',
    ],
  ] as const) {
    it(`is that of ${what}`, () => assert.equal(firstOf(logLevel, category), expected));
  }

  it('can be overridden by the environment', () => {
    const env = { 'AzureFunctionsJobHost__logging__logLevel__Function.Hello.User': 'Error' };
    assert.equal(firstOf({ Function: 'Debug' }, userCategory('Hello'), env), 'error');
  });
});

describe('disabled function', () => {
  for (const [what, env, disabled, expected] of [
    ['no setting', {}, undefined, false],
    ['true', { 'AzureWebJobs.Hello.Disabled': 'true' }, undefined, true],
    ['True', { 'AzureWebJobs.Hello.Disabled': 'True' }, undefined, true],
    ['1', { 'AzureWebJobs.Hello.Disabled': '1' }, undefined, true],
    ['false', { 'AzureWebJobs.Hello.Disabled': 'false' }, undefined, false],
    ['0', { 'AzureWebJobs.Hello.Disabled': '0' }, undefined, false],
    ['yes', { 'AzureWebJobs.Hello.Disabled': 'yes' }, undefined, false],
    ['another function', { 'AzureWebJobs.Other.Disabled': 'true' }, undefined, false],
    ['without points', { AzureWebJobs_Hello_Disabled: '1' }, undefined, true],
    ['option true', {}, true, true],
    ['option false', {}, false, false],
    ['option as text', {}, 'true', true],
    ['option with a setting', { OFF: '1' }, 'OFF', true],
    ['option with a setting between percent signs', { OFF: 'TRUE' }, '%OFF%', true],
    ['option with a setting that is off', { OFF: '0' }, 'OFF', false],
    ['option with an unknown setting', {}, 'OFF', false],
    ['setting beside option false', { 'AzureWebJobs.Hello.Disabled': '1' }, false, true],
  ] as const) {
    it(`${expected ? 'is' : 'is not'} one: ${what}`, () => {
      assert.equal(isDisabled('Hello', env, disabled), expected);
    });
  }
});
