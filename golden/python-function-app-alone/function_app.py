import logging

import azure.functions as func
from python_worker_extension_guard import GuardExtension

logger = logging.getLogger(__name__)

GuardExtension("HttpTrigger", roles=["reader"])

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.function_name("HttpTrigger")
@app.route(route="HttpTrigger", methods=["GET", "POST"])
def http_trigger(req: func.HttpRequest) -> func.HttpResponse:
    logger.info("Python HTTP trigger function processed a request.")
    name = req.params.get("name") or name_in_body(req)
    if name:
        return func.HttpResponse(
            f"Hello, {name}. This HTTP triggered function executed successfully."
        )
    return func.HttpResponse(
        "This HTTP triggered function executed successfully. Pass a name in the query "
        "string or in the request body for a personalized response."
    )


def name_in_body(req: func.HttpRequest) -> str | None:
    """The name in a body like ``{"name": "Azure"}``."""
    try:
        body = req.get_json()
    except ValueError:
        return None
    name = body.get("name") if isinstance(body, dict) else None
    return name if isinstance(name, str) else None
