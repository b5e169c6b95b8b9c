import assert from 'node:assert/strict';
import { read } from '../../tools/support/files.js';
import { cli } from '../../tools/support/processes.js';
import { contentsOf, pythonApp, V1, V2 } from '../support/python-apps.js';

describe('generator function in an app in Python', () => {
  it('appends functions to function_app.py in v2, by the names that it uses', async () => {
    const source = V2.replace('as func', 'as az')
      .replaceAll('func.', 'az.')
      .replace(/^app|\bapp\b(?=\.)/gm, 'api');
    const cwd = pythonApp({ 'function_app.py': source });
    for (const [trigger, name] of [
      ['http', 'say-hi'],
      ['timer', 'Tick'],
      ['queue', 'SaveOrders'],
    ]) {
      const { exitCode, all } = await cli(
        [':function', `--trigger=${trigger}`, `--name=${name}`, '-y'],
        { cwd },
      );
      assert.equal(exitCode, 0, all);
      assert.match(all, /1\. func host start --verbose/);
    }
    const after = read(cwd, 'function_app.py');
    assert.ok(after.includes(source.slice(source.indexOf('@api'))), 'what was there stays');
    assert.equal(after.match(/^import logging$/gm)?.length, 1);
    assert.match(
      after,
      /\n\n\n@api\.function_name\("say-hi"\)\n@api\.route\([^]*"say-hi"[^]*\ndef say_hi\(req: az\.HttpRequest\) -> az\.HttpResponse:\n/,
    );
    assert.match(
      after,
      /\n@api\.timer_trigger\(arg_name="timer", schedule="0 \*\/5 \* \* \* \*"\)\ndef tick\(timer: az\.TimerRequest\)/,
    );
    assert.match(
      after,
      /\n@api\.queue_trigger\([^]*"save-orders-items"[^]*\ndef save_orders\(message: az\.QueueMessage\)/,
    );
    const again = await cli([':function', '--name=TICK', '-y'], { cwd });
    assert.equal(again.exitCode, 1);
    assert.match(again.all, /has a function "TICK" already/);
    assert.equal(read(cwd, 'function_app.py'), after);
  });

  it('makes a folder in v1', async () => {
    const cwd = pythonApp(V1);
    const before = contentsOf(cwd);
    const { exitCode, all } = await cli([':function', '--trigger=queue', '--name=Orders', '-y'], {
      cwd,
    });
    assert.equal(exitCode, 0, all);
    const {
      'Orders/__init__.py': code = '',
      'Orders/function.json': json = '',
      ...rest
    } = contentsOf(cwd);
    assert.deepEqual(rest, before);
    assert.match(code, /^def main\(message: func\.QueueMessage\) -> None:$/m);
    assert.equal(JSON.parse(json).bindings[0].queueName, 'orders-items');
  });

  it('refuses a file without a FunctionApp', async () => {
    const cwd = pythonApp({ 'function_app.py': 'from elsewhere import app\n' });
    const { exitCode, all } = await cli([':function', '--name=Tick', '-y'], { cwd });
    assert.equal(exitCode, 1);
    assert.match(all, /makes no FunctionApp/);
    assert.equal(read(cwd, 'function_app.py'), 'from elsewhere import app\n');
  });
});
