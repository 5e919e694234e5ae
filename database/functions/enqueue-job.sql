-- Puts a background job into the queue, in the caller's own transaction: the job exists if and only if what caused it does.
--
-- Why a function with its owner's rights: the queue's tables have row-level security without a policy, so that nobody but their
-- owner may touch them, and graphile-worker's add_job fails for anyone else (rule R32). The request path and the service may add a
-- job, and nothing more.
--
-- A job_key makes the job unique: enqueued again before it ran, it is replaced.
create or replace function public.enqueue_job(
  task text,
  payload jsonb,
  job_key text default null,
  run_at timestamptz default null
) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform graphile_worker.add_job(
    identifier => task,
    payload => coalesce(payload, '{}'::jsonb)::json,
    run_at => enqueue_job.run_at,
    job_key => enqueue_job.job_key
  );
end
$$;

revoke all on function public.enqueue_job(text, jsonb, text, timestamptz) from public;
grant execute on function public.enqueue_job(text, jsonb, text, timestamptz) to drawdown_tenant, drawdown_service;
