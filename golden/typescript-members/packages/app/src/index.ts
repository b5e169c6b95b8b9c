import { TimerExtension } from 'azfunc-extension-timer';

TimerExtension.configure({ appendToHttpResponse: true });
