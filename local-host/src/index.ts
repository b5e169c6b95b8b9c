import { LocalHost } from './local-host.js';
import { main } from './main.js';
import { runWorker } from './worker-process.js';

export { LocalHost };

if (require.main === module) {
  const words = process.argv.slice(2);
  // How a host starts the process of its app.
  if (words[0] === 'worker' && process.send) {
    runWorker();
  } else {
    void main(words);
  }
}
