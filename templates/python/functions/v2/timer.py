import logging

import azure.functions as func

app = func.FunctionApp()


# Every five minutes, as second, minute, hour, day, month and day of the week.
@app.function_name("TimerTrigger")
@app.timer_trigger(arg_name="timer", schedule="0 */5 * * * *")
def sample_function(timer: func.TimerRequest) -> None:
    logging.info(
        "Timer function runs late" if timer.past_due else "Timer function runs"
    )
