import logging

import azure.functions as func

app = func.FunctionApp()


@app.function_name("HttpTrigger")
@app.route(
    route="HttpTrigger", methods=["GET", "POST"], auth_level=func.AuthLevel.ANONYMOUS
)
def sample_function(req: func.HttpRequest) -> func.HttpResponse:
    logging.info("HTTP function processes a request: %s", req.url)
    name = req.params.get("name", "world")
    return func.HttpResponse(f"Hello, {name}!")
