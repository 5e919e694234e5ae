/** Images, automations, quotes, runs, items and receipts as they are shown: from the rooms' values to the shapes of the API. */
import type { z } from 'zod'
import type { Automation } from '../automations/automations.ts'
import type { RunQuoted } from '../automations/create-quote.ts'
import type { ListedOperation } from '../automations/list-operations.ts'
import type { Receipt } from '../automations/read-receipt.ts'
import type { Item, Run } from '../automations/read-run.ts'
import type { Image } from '../automations/register-image.ts'
import { encodeId } from './ids.ts'
import { shownPlanRef } from './show-billing.ts'
import type * as workShapes from './work-shapes.ts'

export function shownImage(image: Image): z.output<typeof workShapes.image> {
  return {
    id: image.id,
    name: image.name,
    sha256: image.sha256,
    bytes: Number(image.bytes),
    format: image.format,
    width: image.width,
    height: image.height,
    created_at: image.createdAt,
  }
}

export function shownOperation(operation: ListedOperation): z.output<typeof workShapes.operation> {
  const { code, name, description, settingsSchema } = operation
  return { code, name, description, settings_schema: settingsSchema }
}

export function shownAutomation(automation: Automation): z.output<typeof workShapes.automation> {
  return {
    id: automation.id,
    name: automation.name,
    steps: automation.steps,
    created_at: automation.createdAt,
    updated_at: automation.updatedAt,
  }
}

export function shownQuote(quote: RunQuoted): z.output<typeof workShapes.quote> {
  const { plan } = quote
  return {
    id: quote.id,
    automation_id: quote.automationId,
    image_count: quote.images,
    cost: quote.cost,
    from_credits: quote.fromCredits,
    overage: quote.overage,
    overage_credits: quote.uncovered,
    balance: quote.balance,
    balance_after: quote.balanceAfter,
    operations: quote.operations.map((each) => ({
      operation: each.operation,
      name: each.name,
      quantity: Number(each.quantity),
      unit_price: each.unitPrice,
      cost: each.cost,
    })),
    already_paid_images: quote.alreadyPaidImages,
    plan: shownPlanRef(plan),
    plan_version: plan.version,
    credit_unit: plan.creditUnit,
    currency: plan.currency,
    expires_at: quote.expiresAt,
    summary: quote.summary,
  }
}

/** `modelsAwaited` is what the models' state says while they are not here. */
export function shownRun(run: Run, modelsAwaited: string | null): z.output<typeof workShapes.run> {
  const { itemCount: total, working, succeeded, failed, held, cancelled } = run
  // Counters and working items are read by one statement, so this never falls below zero.
  const queued = total - working - succeeded - failed - held - cancelled
  return {
    id: run.id,
    name: run.name,
    automation_id: run.automationId,
    status: run.status,
    items: { total, queued, working, succeeded, failed, held, cancelled },
    cost: run.cost,
    from_credits: run.drawn,
    overage: run.overage,
    currency: run.currency,
    credit_unit: run.creditUnit,
    waiting_for: waitingFor(run, modelsAwaited),
    remaining_seconds: run.remainingSeconds,
    created_at: run.createdAt,
    finished_at: run.finishedAt,
  }
}

function waitingFor({ status, needsModels }: Run, modelsAwaited: string | null): string | null {
  if (status === 'paused_by_budget') {
    return 'Your limit of overage is reached. The run goes on when the limit or the balance rises, or a new period begins.'
  }
  return status === 'running' && needsModels ? modelsAwaited : null
}

export function shownItem(item: Item): z.output<typeof workShapes.item> {
  const id = encodeId('item', item.id)
  return {
    id: item.id,
    position: item.position,
    status: item.status,
    image: {
      id: item.imageId,
      name: item.imageName,
      preview_url: `/v1/images/${encodeId('image', item.imageId)}/file`,
    },
    output:
      item.outputSha256 === null
        ? null
        : {
            bytes: Number(item.outputBytes),
            format: item.outputFormat!,
            width: item.outputWidth!,
            height: item.outputHeight!,
            url: `/v1/items/${id}/file`,
            preview_url: `/v1/items/${id}/preview`,
          },
    removed_at: item.removedAt,
    failure: item.failure === null ? null : { code: item.failure, message: item.failureMessage ?? '' },
    report: item.report ?? [],
    cost: item.cost,
    from_credits: item.drawn,
    overage: item.overage,
    cost_if_accepted: item.costIfAccepted,
    finished_at: item.finishedAt,
  }
}

export function shownReceipt(
  receipt: Receipt,
  modelsAwaited: string | null,
): z.output<typeof workShapes.receipt> {
  const { run, plan } = receipt
  return {
    run: shownRun(run, modelsAwaited),
    automation: receipt.automation,
    plan: shownPlanRef(plan),
    operations: receipt.operations.map((each) => ({
      operation: each.operation,
      name: each.name,
      charged: each.charged,
      already_paid: each.alreadyPaid,
      unit_price: each.unitPrice,
      cost: each.cost,
      from_credits: each.drawn,
      overage: each.overage,
    })),
    images: receipt.images.map((image) => ({
      item_id: image.itemId,
      name: image.name,
      status: image.status,
      failure: image.failure,
      cost: image.cost,
      from_credits: image.drawn,
      overage: image.overage,
      steps: image.steps.map((step) => ({
        operation: step.operation,
        usage_id: step.usageRecordId,
        already_paid: step.alreadyPaid,
        cost: step.cost,
        from_credits: step.drawn,
        overage: step.overage,
      })),
    })),
    cost: run.cost,
    from_credits: run.drawn,
    overage: run.overage,
    currency: run.currency,
    credit_unit: run.creditUnit,
  }
}
