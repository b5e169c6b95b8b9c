import { LocalHost } from './local-host.js';
import { main } from './main.js';

export { LocalHost };

if (require.main === module) {
  void main(process.argv.slice(2));
}
