"""Starts MiniStack with eleven of its faults mended, bound to the life of the process that started it.

Each mend asserts the code that it replaces: another version of MiniStack fails here, loudly, and not later.
`GATEWAY_PORT`, `BIND_HOST`, `STATE_DIR` and the rest come from the environment (see local-cloud.ts).
"""

import contextvars
import copy
import functools
import mmap
import os
import signal
import threading
import time
from collections import Counter

from ministack.core import lambda_runtime
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import apigateway, dynamodb, lambda_svc, s3, sqs, stepfunctions

PINNED_VERSION = "1.5.33"
LOG_LINE_WAIT_SECONDS = 0.002
HEARTBEAT_POLL_SECONDS = 0.1
TOKEN_GRACE_SECONDS = 2
KEPT_STREAM_RECORDS = 5_000


def replace_once(text: str, old: str, new: str) -> str:
    """Replaces what must occur exactly once."""
    if text.count(old) != 1:
        raise AssertionError(f"expected once in MiniStack {PINNED_VERSION}: {old!r}")
    return text.replace(old, new)


def keep_error_types() -> None:
    """A thrown error keeps its name and its worker: MiniStack reports `Runtime.HandlerError` and kills the worker.

    The Node worker hands the error back as an ordinary result under one key, which is unwrapped on this side.
    """

    def as_result(variable: str) -> str:
        return (
            'status: "ok", result: { __longhaul_error: { '
            f'errorType: ({variable} && {variable}.name) || "Error", '
            f"errorMessage: String(({variable} && {variable}.message) || {variable}), "
            f'trace: String(({variable} && {variable}.stack) || "").split("\\n") }} }}'
        )

    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    script = replace_once(
        script, 'status: "error", error: String(err.message || err), trace: err.stack || ""', as_result("err")
    )
    script = replace_once(script, 'status: "error", error: e.message, trace: e.stack', as_result("e"))
    lambda_runtime._NODEJS_WORKER_SCRIPT = script

    execute = lambda_svc._execute_function_warm

    @functools.wraps(execute)
    def execute_and_unwrap(*args, **kwargs):
        outcome = execute(*args, **kwargs)
        body = outcome.get("body")
        if not isinstance(body, dict) or set(body) != {"__longhaul_error"}:
            return outcome
        error = body["__longhaul_error"]
        return {"body": error, "error": True, "log": outcome.get("log", "") + "\n" + "\n".join(error["trace"])}

    lambda_svc._execute_function_warm = execute_and_unwrap


def answer_silent_handlers_at_once() -> None:
    """MiniStack waits 50 ms for the first log line of a handler that writes none."""
    drain = lambda_runtime.Worker._drain_stderr_bounded
    lambda_runtime.Worker._drain_stderr_bounded = lambda worker: drain(
        worker, first_line_wait=LOG_LINE_WAIT_SECONDS, idle_confirm=LOG_LINE_WAIT_SECONDS
    )


def read_cors_of_cloudformation() -> None:
    """CloudFormation stores `AllowOrigins` where the HTTP API reads `allowOrigins`: every preflight would be refused."""

    def with_camel_case(answer):
        def answer_preflight(configuration, origin):
            return answer({k[:1].lower() + k[1:]: v for k, v in (configuration or {}).items()}, origin)

        return answer_preflight

    for name in ("_cors_response_headers", "_cors_preflight_response"):
        setattr(apigateway, name, with_camel_case(getattr(apigateway, name)))


def enforce_heartbeats() -> None:
    """`HeartbeatSeconds` of a task that waits for its token never fires in MiniStack."""
    invoke = stepfunctions._invoke_with_callback

    def watch(token: str, seconds: float) -> None:
        beat_at = time.monotonic()
        last_beat = None
        while True:
            time.sleep(HEARTBEAT_POLL_SECONDS)
            task = stepfunctions._task_tokens.get(token)
            if task is None:
                if time.monotonic() - beat_at > TOKEN_GRACE_SECONDS:
                    return
                continue
            if task["event"].is_set():
                return
            if task["heartbeat"] != last_beat:
                last_beat, beat_at = task["heartbeat"], time.monotonic()
            if time.monotonic() - beat_at > seconds:
                task["error"] = {"Error": "States.HeartbeatTimeout", "Cause": ""}
                task["event"].set()
                return

    def invoke_and_watch(resource, input_data, token, state):
        seconds = state.get("HeartbeatSeconds")
        if seconds:
            threading.Thread(target=watch, args=(token, float(seconds)), daemon=True).start()
        return invoke(resource, input_data, token, state)

    stepfunctions._invoke_with_callback = invoke_and_watch


def keep_streams() -> None:
    """Streams survive a restart together with the positions of their readers.

    MiniStack keeps the positions alone: its streams begin at 0 again, and a reader passes over as many new records as
    it had read before.
    """
    state_of_tables = dynamodb.get_state
    restore_functions = lambda_svc.load_persisted_state
    restore_tables = dynamodb.load_persisted_state
    positions, records, trimmed = (
        lambda_svc._dynamodb_stream_positions,
        dynamodb._stream_records,
        dynamodb._stream_trimmed,
    )

    def restore_functions_without_positions(data):
        restore_functions({**(data or {}), "dynamodb_stream_positions": {}})

    def tables_with_streams():
        # Positions first: readers go on meanwhile, and a record that is read twice is better than one passed over.
        state = {"stream_positions": copy.deepcopy(positions)}
        kept, dropped = AccountRegionScopedDict(), copy.deepcopy(trimmed)
        for (account, region, table), stream in records.all_items():
            surplus = max(0, len(stream) - KEPT_STREAM_RECORDS)
            kept.set_scoped(account, region, table, copy.deepcopy(stream[surplus:]))
            dropped.set_scoped(account, region, table, trimmed.get_scoped(account, region, table, 0) + surplus)
        return {**state_of_tables(), **state, "stream_records": kept, "stream_trimmed": dropped}

    def restore_tables_with_streams(data):
        restore_tables(data)
        for store, key in ((records, "stream_records"), (trimmed, "stream_trimmed"), (positions, "stream_positions")):
            store.update((data or {}).get(key, {}))

    lambda_svc.load_persisted_state = restore_functions_without_positions
    dynamodb.get_state = tables_with_streams
    dynamodb.load_persisted_state = restore_tables_with_streams


def retry_reported_stream_failures() -> None:
    """A record of a stream that the function reports as failed comes again: MiniStack passes over it.

    AWS begins again at the first record that failed; here the whole batch comes again, a second later. A consumer has
    to bear the duplicates on AWS too.
    """
    execute = lambda_svc._execute_function

    @functools.wraps(execute)
    def execute_and_look(func, event):
        outcome = execute(func, event)
        records = event.get("Records") if isinstance(event, dict) else None
        from_stream = bool(records) and records[0].get("eventSource") == "aws:dynamodb"
        body = outcome.get("body")
        if from_stream and isinstance(body, dict) and body.get("batchItemFailures"):
            return {**outcome, "error": True}
        return outcome

    lambda_svc._execute_function = execute_and_look


def serve_quiet_groups_first() -> None:
    """Standard queues are fair: messages of the group with the fewest in flight come first.

    MiniStack takes messages as they came and no notice of their groups. AWS does not document its order more closely
    than that groups with many messages in flight wait behind those with few.
    """
    collect = sqs._collect_msgs

    @functools.wraps(collect)
    def collect_fairly(queue, max_n, vis_timeout):
        if queue["is_fifo"]:
            return collect(queue, max_n, vis_timeout)
        now = time.time()
        in_flight = Counter(
            message.get("group_id")
            for message in queue["messages"]
            if message.get("receive_count", 0) > 0 and message.get("visible_at", 0) > now
        )
        in_order = sorted(queue["messages"], key=lambda message: in_flight[message.get("group_id")])
        return collect({**queue, "messages": in_order}, max_n, vis_timeout)

    sqs._collect_msgs = collect_fairly


def keep_other_workers() -> None:
    """A worker that does not start, or dies before its answer is read, fails alone.

    MiniStack ends every worker of its function, also those that start at that moment: each of these then ends the
    others, and under load the function never comes up again.
    """
    invoke = lambda_runtime.Worker.invoke

    @functools.wraps(invoke)
    def invoke_alone(worker, *args, **kwargs):
        try:
            return invoke(worker, *args, **kwargs)
        except Exception as error:
            lambda_runtime.kill_workers([worker])
            return {"status": "error", "error": str(error)}

    lambda_runtime.Worker.invoke = invoke_alone


def poll_streams_beside_queues() -> None:
    """A consumer of a stream at work holds up no queue.

    MiniStack polls all in one thread, and runs the consumers of streams in it: meanwhile no message of any queue is
    delivered.
    """
    poll = lambda_svc._poll_dynamodb_streams
    polling = threading.Lock()

    def poll_and_wake() -> None:
        try:
            if poll():
                lambda_svc._esm_wake.set()
        finally:
            polling.release()

    def poll_beside() -> bool:
        if polling.acquire(blocking=False):
            threading.Thread(target=poll_and_wake, daemon=True).start()
        return False

    lambda_svc._poll_dynamodb_streams = poll_beside


def read_versions_by_range() -> None:
    """A range of a version is a range: MiniStack answers with the whole object when a version is named."""
    get = s3._get_object

    @functools.wraps(get)
    def get_range(bucket_name, key, headers, query_params=None):
        status, answer, body = get(bucket_name, key, headers, query_params)
        wanted = headers.get("range", "")
        if status != 200 or not wanted or not s3._qp(query_params or {}, "versionId", ""):
            return status, answer, body
        bounds = s3._parse_range(wanted, len(body))
        if bounds is None:
            unsatisfiable = {"Content-Type": "application/xml", "Content-Range": f"bytes */{len(body)}"}
            return 416, unsatisfiable, s3._xml_body(s3._range_error_xml(bucket_name, key))
        start, end = bounds
        part = body[start : end + 1]
        # The checksum of the whole does not match a part of it.
        kept = {name: value for name, value in answer.items() if not name.lower().startswith("x-amz-checksum")}
        partial = {**kept, "Content-Length": str(len(part)), "Content-Range": f"bytes {start}-{end}/{len(body)}"}
        return 206, partial, part

    s3._get_object = get_range


def read_ranges_from_disk() -> None:
    """A range costs its own bytes: MiniStack reads the whole file of an object for each range of it."""
    get, read, read_version = s3._get_object, s3._read_body, s3._version_body
    is_range = contextvars.ContextVar("is_range", default=False)

    def map_file(path: str | None):
        """The content of a file, of which only what is sliced is read; None where there is nothing to map."""
        try:
            with open(path, "rb") as file:
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (TypeError, FileNotFoundError, ValueError):
            # It has no path, is not on the disk, or is empty.
            return None

    @functools.wraps(read)
    def read_or_map(bucket_name, key, obj):
        mapped = None
        if is_range.get() and obj.get("body") is None:
            mapped = map_file(s3._object_disk_path(bucket_name, key))
        return read(bucket_name, key, obj) if mapped is None else mapped

    @functools.wraps(read_version)
    def read_or_map_version(bucket, bucket_name, key, version):
        mapped = None
        if is_range.get() and version.get("data") is None:
            mapped = map_file(s3._version_disk_path(bucket_name, key, version["version_id"]))
        return read_version(bucket, bucket_name, key, version) if mapped is None else mapped

    @functools.wraps(get)
    def get_mapped(bucket_name, key, headers, query_params=None):
        token = is_range.set(bool(headers.get("range")))
        try:
            status, answer, body = get(bucket_name, key, headers, query_params)
        finally:
            is_range.reset(token)
        return status, answer, bytes(body) if isinstance(body, mmap.mmap) else body

    s3._get_object, s3._read_body, s3._version_body = get_mapped, read_or_map, read_or_map_version


def stop_with_parent() -> None:
    """Standard input is a pipe that the parent holds open: its end is the parent's end, however it died."""

    def wait_for_end() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_end, daemon=True).start()


def stop_workers() -> None:
    """Ends the function workers, which share our process group, once the state is saved."""
    if os.getpgrp() == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)


def main() -> None:
    keep_error_types()
    answer_silent_handlers_at_once()
    read_cors_of_cloudformation()
    enforce_heartbeats()
    keep_streams()
    retry_reported_stream_failures()
    serve_quiet_groups_first()
    keep_other_workers()
    poll_streams_beside_queues()
    read_versions_by_range()
    read_ranges_from_disk()
    stop_with_parent()
    from ministack.app import main as serve

    try:
        serve()
    finally:
        stop_workers()


if __name__ == "__main__":
    main()
