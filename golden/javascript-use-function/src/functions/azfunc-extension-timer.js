const { TimerExtension } = require('azfunc-extension-timer');

new TimerExtension('HttpTrigger', { appendToHttpResponse: true });
