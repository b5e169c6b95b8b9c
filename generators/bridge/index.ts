import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:bridge`: lets worker extensions run in a Python app on Python 3.13 and later. */
const generator = generatorFor('bridge');

export { generator as default, generator as 'module.exports' };
