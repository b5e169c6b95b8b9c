import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:function`: adds a function to a function app that is there already. */
export default generatorFor('function');
