import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import inquirer from 'inquirer';
import { questionsFor } from '../../generators/core/questions.js';
import { known } from '../support/known.js';

/** The questions in the real inquirer, on streams in place of a terminal. */
async function ask(keys: string[]): Promise<{ answers: Record<string, unknown>; screen: string }> {
  const input = new PassThrough();
  const output = new PassThrough();
  // inquirer ends it after each question.
  output.end = () => output;
  let screen = '';
  output.on('data', (chunk: Buffer) => {
    screen += stripVTControlCharacters(chunk.toString());
  });
  const prompt = inquirer.createPromptModule({ input, output, skipTTYChecks: true } as never);
  const answering = prompt(
    questionsFor(known({}, { userName: 'Ada', userEmail: 'ada@example.com' })),
  );
  let isDone = false;
  const done = answering.finally(() => {
    isDone = true;
  });
  await until(() => screen.includes('? '));
  for (const key of keys) {
    const before = screen.length;
    input.write(key);
    // After Enter there is the next question, or the same one with a reason.
    await until(() => {
      const news = screen.slice(before);
      return isDone || (key === ENTER ? /[✔>][^]*\? |\? [^]*>/.test(news) : news !== '');
    });
    await sleep(20);
  }
  return { answers: await done, screen };
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; !condition(); attempt += 1) {
    assert.ok(attempt < 500, 'The prompt does not go on.');
    await sleep(10);
  }
}

const ENTER = '\r';
const DOWN = '\u001B[B';

describe('prompts', () => {
  it('take the defaults with Enter', async () => {
    const { answers, screen } = await ask(Array.from({ length: 13 }, () => ENTER));
    assert.deepEqual(answers, {
      template: 'timer',
      scope: 'app',
      name: 'azfunc-extension-timer',
      description:
        'Azure Functions worker extension that reports the elapsed time of each invocation',
      author: 'Ada',
      email: 'ada@example.com',
      license: 'MIT',
      repository: '',
      functionsRange: '^4.1.0',
      functionApp: true,
      functionName: 'HttpTrigger',
      ci: 'none',
      git: true,
    });
    assert.match(screen, /application level: acts on every function of an app/);
    assert.match(screen, /guard: refuses HTTP requests that are not authorized/);
    assert.match(screen, /Name \(azfunc-extension-timer\)/);
  });

  it('say why an answer is refused, and let it be mended', async () => {
    const { answers, screen } = await ask([
      ENTER,
      DOWN,
      ENTER,
      'My Timer',
      ENTER,
      '\u0015', // Ctrl+U
      'audit',
      ...Array.from({ length: 7 }, () => ENTER),
      'n', // no function app, so its name is not asked
      ENTER,
      ENTER,
      ENTER,
    ]);
    assert.equal(answers.scope, 'function');
    assert.equal(answers.name, 'audit');
    assert.equal(answers.functionApp, false);
    assert.ok(!('functionName' in answers));
    assert.match(screen, /"My Timer" does not make an npm package name/);
  });
});
