import { HttpAuditExtension } from '@contoso/azfunc-extension-http-audit';

new HttpAuditExtension('say-hello', { appendToHttpResponse: true });
