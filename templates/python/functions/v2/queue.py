import logging

import azure.functions as func

app = func.FunctionApp()


@app.function_name("QueueTrigger")
@app.queue_trigger(
    arg_name="message",
    queue_name="queue-trigger-items",
    connection="AzureWebJobsStorage",
)
def sample_function(message: func.QueueMessage) -> None:
    logging.info("Queue function processes a message: %s", message.get_body().decode())
