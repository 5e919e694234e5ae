// Generated from http/openapi.json by `npm run client`. Do not edit.
// @ts-nocheck

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type AcceptInvitationRequest = {
    token: string;
};

export type Account = {
    id: string;
    name: string;
    zone: string;
    invoice_prefix: string;
    created_at: Instant;
};

export type AccountRequest = {
    name: string;
    zone?: string;
};

export type AccountTax = {
    treatment?: 'standard' | 'exempt' | 'reverse_charge';
    rates: Array<{
        name: string;
        rate: Amount;
    }>;
};

export type AccountView = {
    id: string;
    name: string;
    billing: Billing;
    interim: InterimInvoicing;
    verification: VerifiedAccount;
    invoices: Array<InvoiceSummary>;
    credit_notes: Array<CreditNoteSummary>;
};

export type Advice = {
    currency: string;
    terms: Array<{
        period: Period;
        plan: string;
        fee: Amount;
        overage: Amount;
    }>;
    plans: Array<{
        code: string;
        name: string;
        is_current: boolean;
        fee: Amount;
        overage: Amount;
        total: Amount;
        not_offered: Array<string>;
    }>;
    recommendation: {
        code: string;
        saves: Amount;
    } | null;
};

export type AlertRequest = {
    rules: Array<AlertRule>;
};

export type AlertRule = {
    kind: 'credits';
    percent: number;
} | {
    kind: 'overage' | 'forecast';
    amount: Amount;
};

export type Alerts = {
    rules: Array<AlertRule>;
    told: Array<{
        id: string;
        rule: AlertRule;
        told_at: Instant;
        credits_included: Amount;
        balance: Amount;
        overage: Amount;
        forecast: Amount | null;
    }>;
    currency: string | null;
};

/**
 * Decimal string in the credit unit or the currency, without trailing zeros.
 */
export type Amount = string;

export type ApiKey = {
    id: string;
    name: string;
    prefix: string;
    scopes: Array<Scope>;
    created_at: Instant;
    revoked_at: Instant | null;
    key?: string;
};

export type ApiKeyList = {
    data: Array<ApiKey>;
    next_cursor: string | null;
};

export type ApiKeyRequest = {
    name: string;
    scopes?: Array<Scope>;
};

export type Automation = {
    id: string;
    name: string;
    steps: Array<Step>;
    created_at: Instant;
    updated_at: Instant;
};

export type AutomationList = {
    data: Array<Automation>;
    next_cursor: string | null;
};

export type AutomationPatch = {
    name?: string;
    steps?: Array<Step>;
};

export type AutomationRequest = {
    name: string;
    steps: Array<Step>;
};

export type BankAnswer = {
    confirms: boolean;
};

export type BankQuestion = {
    amount: Amount;
    currency: string;
    status: string;
    return_url: string;
};

export type Billing = {
    plan: PlanRef | null;
    subscription: {
        id: string;
        status: 'active' | 'cancelled';
        pending: {
            kind: 'change' | 'cancel';
            plan: PlanRef | null;
            effective_at: Instant;
        } | null;
        succession: {
            kind: 'trial_end' | 'new_version';
            plan: Plan;
            effective_at: Instant;
        } | null;
    } | null;
    period: Period | null;
    prices: Array<Price>;
    credits_included: Amount;
    balance: Amount;
    rolled_over: Amount;
    overage: Amount;
    overage_invoiced: Amount;
    overage_credits: Amount;
    available: {
        [key: string]: number | null;
    };
    currency: string | null;
    credit_unit: string | null;
    zone: string;
    now: Instant;
    payment_method: {
        id: string;
        provider: string;
        brand: string;
        last4: string;
        expires: string;
    } | null;
    amount_due: Amount;
    customer_credit: Amount;
    tax: AccountTax;
    forecast: {
        credits_run_out_at: Instant | null;
        overage: {
            low: Amount;
            likely: Amount;
            high: Amount;
        };
        days: number;
    } | null;
    verified_at: Instant | null;
};

export type BillingDetails = {
    name: string;
    address: {
        line1?: string | null;
        line2?: string | null;
        postal_code?: string | null;
        city?: string | null;
        region?: string | null;
        country?: string | null;
    };
    tax_id?: string | null;
    email?: string | '' | null;
    reference?: string | null;
    language?: 'en' | 'de' | 'fr' | 'es' | 'ja';
};

export type CancelRequest = {
    at?: 'boundary' | 'now';
};

export type CancelResult = {
    status: 'scheduled' | 'cancelled';
    effective_at: Instant;
};

export type CardForm = {
    url: string;
};

export type Catalogue = {
    data: Array<CataloguePlan>;
    next_cursor: null;
};

export type CataloguePlan = {
    code: string;
    name: string;
    offered: boolean;
    subscribers: number;
    versions: Array<{
        id: string;
        code: string;
        name: string;
        fee: Amount;
        currency: string;
        credit_unit: string;
        version: number;
        list_price: Amount;
        discount: Amount;
        credits: Amount;
        rollover: {
            cap: Amount | null;
            periods: number;
        } | null;
        trial: {
            days: number;
            successor: string;
        } | null;
        prices: Array<Price>;
        credit_price: Amount;
        published_at: Instant;
        notice_days: number | null;
        subscribers: number;
    }>;
};

export type ClockAnswer = {
    accounts: Array<{
        account_id: string;
        now: Instant;
        boundaries: number;
        invoices: Array<string>;
    }>;
};

export type ClockRequest = {
    to: Instant;
    account_id?: string;
    all?: true;
};

export type CollectRequest = {
    account_id: string;
};

export type Confirmation = {
    payment: Payment;
    url: string | null;
};

export type CreditNote = {
    id: string;
    number: string;
    reason: string;
    currency: string;
    credit_unit: string;
    net: Amount;
    tax: Amount;
    customer_credit: Amount;
    refunded: Amount;
    overage_cancelled: Amount;
    credits_returned: Amount;
    credits_adjusted: Amount;
    created_at: Instant;
    account: {
        id: string;
        name: string;
    };
    lines: Array<{
        kind: 'overage' | 'tax' | 'allowance' | 'grant' | 'allowance_tax';
        invoice_id: string;
        amount: Amount;
        description: string;
    }>;
    usage: Array<{
        id: string;
        operation: string;
        quantity: number;
        cost: Amount;
        from_credits: Amount;
        overage: Amount;
        booked_at: Instant;
    }>;
};

export type CreditNoteList = {
    data: Array<CreditNoteSummary>;
    next_cursor: string | null;
};

export type CreditNoteRequest = {
    account_id: string;
    usage_ids?: Array<string>;
    run_id?: string;
    item_ids?: Array<string>;
    reason: string;
};

export type CreditNoteSummary = {
    id: string;
    number: string;
    reason: string;
    currency: string;
    credit_unit: string;
    net: Amount;
    tax: Amount;
    customer_credit: Amount;
    refunded: Amount;
    overage_cancelled: Amount;
    credits_returned: Amount;
    credits_adjusted: Amount;
    created_at: Instant;
};

export type DecideRequest = {
    account_id: string;
    won: boolean;
};

export type DeliveryList = {
    data: Array<WebhookDelivery>;
    next_cursor: string | null;
};

export type Dispute = {
    id: string;
    account: {
        id: string;
        name: string;
    };
    payment_id: string;
    invoice_id: string;
    invoice_number: string | null;
    reference: string;
    amount: Amount;
    currency: string;
    reason: string;
    status: 'inquiry' | 'open' | 'won' | 'lost' | 'dropped';
    created_at: Instant;
    closed_at: Instant | null;
};

export type DisputeList = {
    data: Array<Dispute>;
    next_cursor: string | null;
};

export type EndpointList = {
    data: Array<WebhookEndpoint>;
    next_cursor: string | null;
};

export type EndpointPatch = {
    url?: string;
    description?: string;
    events?: Array<string>;
    enabled?: boolean;
};

export type EndpointRequest = {
    url: string;
    description?: string;
    events?: Array<string>;
};

export type EntryList = {
    data: Array<LedgerTransaction>;
    next_cursor: string | null;
};

export type EventReceived = {
    received: true;
};

export type EventTypes = {
    data: Array<{
        type: string;
        version: number;
        when: string;
        schema: {
            [key: string]: unknown;
        };
    }>;
};

export type Exposure = {
    sums: Array<{
        currency: string;
        accounts: number;
        accruing: Amount;
        open: Amount;
        past_due: Amount;
    }>;
    accounts: Array<{
        account_id: string;
        name: string;
        currency: string;
        accruing: Amount;
        open: Amount;
        past_due: Amount;
        since: Instant | null;
    }>;
};

export type FirstOperatorRequest = {
    token: string;
    name: string;
    email: string;
    password: string;
};

export type Grant = {
    id: string;
    source: 'plan' | 'upgrade' | 'promotion' | 'purchase' | 'adjustment';
    granted: Amount;
    remaining: Amount;
    starts_at: Instant;
    expires_at: Instant | null;
    priority: number;
    reason: string | null;
    rolled_over: number;
};

export type GrantList = {
    data: Array<Grant>;
    next_cursor: string | null;
};

export type Health = {
    status: 'ok';
    version: string;
};

export type HotFile = {
    path: string;
    bytes: number;
    seen_at: Instant;
    status: 'arriving' | 'waiting' | 'refused' | 'queued' | 'working' | 'succeeded' | 'failed' | 'held' | 'cancelled';
    message: string | null;
    run_id: string | null;
    item_id: string | null;
    result: string | null;
};

export type HotFileList = {
    data: Array<HotFile>;
    next_cursor: string | null;
};

export type HotFolder = {
    id: string;
    name: string;
    automation_id: string;
    starts: 'at_once' | 'hourly' | 'daily' | 'weekdays';
    at: string | null;
    next_start_at: Instant | null;
    place: string;
    paused: boolean;
    trouble: string | null;
    trouble_since: Instant | null;
    looked_at: Instant | null;
    files: {
        waiting: number;
        refused: number;
        started: number;
    };
    created_at: Instant;
};

export type HotFolderList = {
    data: Array<HotFolder>;
    next_cursor: string | null;
    available: boolean;
};

export type HotFolderPatch = {
    automation_id?: string;
    starts?: 'at_once' | 'hourly' | 'daily' | 'weekdays';
    at?: string;
    paused?: boolean;
};

export type HotFolderRequest = {
    name: string;
    automation_id: string;
    starts?: 'at_once' | 'hourly' | 'daily' | 'weekdays';
    at?: string;
};

export type Image = {
    id: string;
    name: string;
    sha256: string;
    bytes: number;
    format: string;
    width: number;
    height: number;
    created_at: Instant;
    known?: boolean;
};

export type ImageAddress = {
    url: string;
};

export type ImageList = {
    data: Array<Image>;
    next_cursor: string | null;
};

export type Instant = string;

export type InterimInvoicing = {
    amount: Amount | null;
    unbilled: Amount;
    currency: string | null;
};

export type InterimRequest = {
    amount: Amount | null;
};

export type Invitation = {
    id: string;
    email: string;
    role: 'owner' | 'admin' | 'billing' | 'editor' | 'viewer';
    link?: string;
    created_at: Instant;
    expires_at: Instant;
    accepted_at: Instant | null;
};

export type InvitationList = {
    data: Array<Invitation>;
    next_cursor: string | null;
};

export type InvitationRequest = {
    email: string;
    role: 'owner' | 'admin' | 'billing' | 'editor' | 'viewer';
};

export type Invoice = {
    id: string | null;
    number: string | null;
    kind: 'start' | 'upgrade' | 'boundary' | 'cancel' | 'purchase' | 'interim' | 'upcoming';
    status: 'draft' | 'open' | 'past_due' | 'uncollectible' | 'paid' | 'carried' | 'void' | 'written_off' | 'upcoming';
    currency: string;
    period: Period;
    total: Amount;
    tax: Amount;
    tax_treatment: 'standard' | 'exempt' | 'reverse_charge' | null;
    opening_balance: Amount;
    customer_credit_applied: Amount;
    paid: Amount;
    amount_due: Amount;
    finalized_at: Instant | null;
    paid_at: Instant | null;
    next_attempt_at: Instant | null;
    account: {
        id: string;
        name: string;
    };
    lines: Array<InvoiceLine>;
    interim_invoices: Array<{
        id: string;
        number: string | null;
        period: Period;
    }>;
    payments: Array<{
        id: string;
        status: 'pending' | 'unknown' | 'action_required' | 'succeeded' | 'failed';
        amount: Amount;
        method: string;
        failure: string | null;
        created_at: Instant;
    }>;
};

export type InvoiceLine = {
    kind: 'plan_fee' | 'discount' | 'plan_change' | 'purchase' | 'usage' | 'late_usage' | 'credits_applied' | 'tax';
    operation: string | null;
    quantity: number | null;
    unit_price: Amount | null;
    amount: Amount;
    exact_amount: Amount;
    tax_rate: Amount | null;
    description: string;
};

export type InvoiceList = {
    data: Array<InvoiceSummary>;
    next_cursor: string | null;
};

export type InvoiceProof = {
    form: 'drawdown invoice proof 1';
    account_id: string;
    [key: string]: unknown;
};

export type InvoiceSummary = {
    id: string;
    number: string | null;
    kind: 'start' | 'upgrade' | 'boundary' | 'cancel' | 'purchase' | 'interim' | 'upcoming';
    status: 'draft' | 'open' | 'past_due' | 'uncollectible' | 'paid' | 'carried' | 'void' | 'written_off' | 'upcoming';
    currency: string;
    period: Period;
    total: Amount;
    tax: Amount;
    tax_treatment: 'standard' | 'exempt' | 'reverse_charge' | null;
    opening_balance: Amount;
    customer_credit_applied: Amount;
    paid: Amount;
    amount_due: Amount;
    finalized_at: Instant | null;
    paid_at: Instant | null;
    next_attempt_at: Instant | null;
};

export type Item = {
    id: string;
    position: number;
    status: 'queued' | 'working' | 'succeeded' | 'failed' | 'held' | 'cancelled';
    image: {
        id: string;
        name: string;
        preview_url: string;
    };
    output: ItemFile | null;
    removed_at: Instant | null;
    failure: {
        code: string;
        message: string;
    } | null;
    report: Array<{
        [key: string]: unknown;
    }>;
    cost: Amount;
    from_credits: Amount;
    overage: Amount;
    cost_if_accepted: Amount | null;
    finished_at: Instant | null;
};

export type ItemFile = {
    bytes: number;
    format: string;
    width: number;
    height: number;
    url: string;
    preview_url: string;
};

export type ItemList = {
    data: Array<Item>;
    next_cursor: string | null;
};

/**
 * One double-entry transaction: its entries sum to zero per commodity.
 */
export type LedgerTransaction = {
    id: string;
    sequence: number;
    booked_at: Instant;
    cause: string;
    cause_id: string;
    entries: Array<{
        account: string;
        commodity: string;
        amount: Amount;
    }>;
};

export type Mail = {
    id: string;
    template: string;
    recipient: string;
    account_id: string | null;
    status: 'waiting' | 'sent' | 'failed' | 'kept';
    attempts: number;
    answer: string | null;
    next_attempt_at: Instant;
    created_at: Instant;
    ended_at: Instant | null;
};

export type MailDetail = {
    id: string;
    template: string;
    recipient: string;
    account_id: string | null;
    status: 'waiting' | 'sent' | 'failed' | 'kept';
    attempts: number;
    answer: string | null;
    next_attempt_at: Instant;
    created_at: Instant;
    ended_at: Instant | null;
    rendered: RenderedMail;
};

export type MailList = {
    data: Array<Mail>;
    next_cursor: string | null;
    sending: boolean;
};

export type MailPreferences = {
    billing: boolean;
    alerts: boolean;
    runs: 'none' | 'long' | 'all';
    weekly: boolean;
};

export type MailTemplates = {
    data: Array<{
        name: string;
        when: string;
        can_be_stopped: boolean;
    }>;
};

export type Me = {
    user: {
        id: string;
        name: string;
        email: string;
    } | null;
    operator: boolean;
    sandbox: boolean;
    accounts: Array<{
        id: string;
        name: string;
        role: 'owner' | 'admin' | 'billing' | 'editor' | 'viewer';
    }>;
};

export type Member = {
    user_id: string;
    name: string;
    email: string;
    role: 'owner' | 'admin' | 'billing' | 'editor' | 'viewer';
    created_at: Instant;
};

export type MemberList = {
    data: Array<Member>;
    next_cursor: string | null;
};

export type MemberPatch = {
    role: 'owner' | 'admin' | 'billing' | 'editor' | 'viewer';
};

export type Mix = {
    fixed?: {
        [key: string]: number;
    };
    target?: {
        [key: string]: number;
    };
    cost: Amount;
    balance: Amount;
    balance_after: Amount;
    overage: Amount;
    overage_credits: Amount;
    balance_needed?: Amount;
    available: {
        [key: string]: number | null;
    };
    automation_images?: number | null;
};

export type MixRequest = {
    fixed?: {
        [key: string]: number;
    };
    target?: {
        [key: string]: number;
    };
    automation_id?: string;
};

export type NewPasswordRequest = {
    token: string;
    password: string;
};

export type Operation = {
    code: string;
    name: string;
    description: string;
    settings_schema: {
        [key: string]: unknown;
    };
};

export type OperationList = {
    data: Array<Operation>;
    next_cursor: string | null;
};

export type OperatorAccount = {
    id: string;
    name: string;
    plan: string | null;
    balance: Amount;
    overage: Amount;
    amount_due: Amount;
    currency: string | null;
    credit_unit: string | null;
    period_end: Instant | null;
    now: Instant;
    created_at: Instant;
};

export type OperatorAccountCreated = {
    account_id: string;
    api_key: string;
    invitation_link: string | null;
    plan_started: boolean;
    plan_detail: string | null;
};

export type OperatorAccountList = {
    data: Array<OperatorAccount>;
    next_cursor: string | null;
};

export type OperatorAccountRequest = {
    name: string;
    email?: string;
    plan?: string;
    zone?: string;
    card?: string;
};

export type OperatorGrant = {
    id: string;
    source: 'plan' | 'upgrade' | 'promotion' | 'purchase' | 'adjustment';
    granted: Amount;
    remaining: Amount;
    starts_at: Instant;
    expires_at: Instant | null;
    priority: number;
    reason: string | null;
    rolled_over: number;
    account_id: string;
    price: Amount;
    ended_at: Instant | null;
    void_reason: string | null;
    invoice_id: string | null;
    created_at: Instant;
};

export type OperatorGrantList = {
    data: Array<OperatorGrant>;
    next_cursor: string | null;
};

export type OperatorGrantRequest = {
    account_id: string;
    source: 'promotion' | 'purchase' | 'adjustment';
    credits: Amount;
    price?: Amount;
    units?: {
        currency: string;
        credit_unit: string;
    };
    starts_at?: Instant;
    expires_at?: Instant | null;
    priority?: number;
    reason: string;
};

export type OperatorPayment = {
    id: string;
    invoice_id: string;
    invoice_number: string | null;
    status: 'pending' | 'unknown' | 'action_required' | 'succeeded' | 'failed';
    amount: Amount;
    currency: string;
    method: string;
    failure: string | null;
    created_at: Instant;
    refundable: Amount;
    disputed: Amount;
};

export type OperatorPaymentList = {
    data: Array<OperatorPayment>;
    next_cursor: string | null;
};

export type PasswordLinkRequest = {
    email: string;
};

export type Pause = {
    overage_limit: Amount | null;
    overage: Amount;
    paused_runs: number;
    currency: string | null;
};

export type PauseRequest = {
    overage_limit: Amount | null;
};

export type Payment = {
    id: string;
    invoice_id: string;
    invoice_number: string | null;
    status: 'pending' | 'unknown' | 'action_required' | 'succeeded' | 'failed';
    amount: Amount;
    currency: string;
    method: string;
    failure: string | null;
    created_at: Instant;
};

export type PaymentList = {
    data: Array<Payment>;
    next_cursor: string | null;
};

export type PaymentMethod = {
    id: string;
    provider: string;
    brand: string;
    last4: string;
    expires: string;
};

export type PaymentMethodRequest = {
    token: string;
};

export type Period = {
    start: Instant;
    end: Instant;
};

export type PhotoBox = {
    x: number;
    y: number;
    width: number;
    height: number;
};

export type Plan = {
    id: string;
    code: string;
    name: string;
    fee: Amount;
    currency: string;
    credit_unit: string;
    version: number;
    list_price: Amount;
    discount: Amount;
    credits: Amount;
    rollover: {
        cap: Amount | null;
        periods: number;
    } | null;
    trial: {
        days: number;
        successor: string;
    } | null;
    prices: Array<Price>;
};

export type PlanList = {
    data: Array<Plan>;
    next_cursor: string | null;
};

export type PlanPatch = {
    offered: boolean;
};

export type PlanRef = {
    id: string;
    code: string;
    name: string;
    fee: Amount;
    currency: string;
    credit_unit: string;
};

export type PlanRequest = {
    currency: string;
    credit_unit: string;
    credit_price?: string;
    list_price: string;
    discount?: string;
    credits: string;
    prices: Array<{
        operation: string;
        unit_price: string;
        overage_unit_price?: string;
    }>;
    rollover?: {
        cap?: string;
        periods: number;
    };
    trial?: {
        days: number;
        successor: string;
    };
    code: string;
    name: string;
};

export type PlanVersionRequest = {
    currency: string;
    credit_unit: string;
    credit_price?: string;
    list_price: string;
    discount?: string;
    credits: string;
    prices: Array<{
        operation: string;
        unit_price: string;
        overage_unit_price?: string;
    }>;
    rollover?: {
        cap?: string;
        periods: number;
    };
    trial?: {
        days: number;
        successor: string;
    };
    notice_days?: number | null;
};

export type Price = {
    operation: string;
    name: string;
    unit_price: Amount;
    overage_unit_price: Amount;
    credits_buy: number | null;
};

/**
 * RFC 9457 problem details.
 */
export type Problem = {
    type: string;
    title: string;
    status: number;
    detail: string;
    request_id: string;
    errors?: Array<{
        field: string;
        message: string;
    }>;
    [key: string]: unknown;
};

export type Quote = {
    id: string;
    automation_id: string;
    image_count: number;
    cost: Amount;
    from_credits: Amount;
    overage: Amount;
    overage_credits: Amount;
    balance: Amount;
    balance_after: Amount;
    operations: Array<{
        operation: string;
        name: string;
        quantity: number;
        unit_price: Amount;
        cost: Amount;
    }>;
    already_paid_images: number;
    plan: PlanRef;
    plan_version: number;
    credit_unit: string;
    currency: string;
    expires_at: Instant;
    summary: string;
};

export type QuoteRequest = {
    automation_id: string;
    image_ids?: Array<string>;
    image_count?: number;
};

export type Readiness = {
    status: 'ready' | 'starting';
    database: boolean;
    models: {
        state: 'ready' | 'checking' | 'fetching' | 'waiting' | 'refused';
        detail: string;
        done: number | null;
        total: number | null;
    };
};

export type Receipt = {
    run: Run;
    automation: {
        name: string;
        steps: Array<Step>;
    };
    plan: PlanRef;
    operations: Array<{
        operation: string;
        name: string;
        charged: number;
        already_paid: number;
        unit_price: Amount;
        cost: Amount;
        from_credits: Amount;
        overage: Amount;
    }>;
    images: Array<{
        item_id: string;
        name: string;
        status: string;
        failure: string | null;
        cost: Amount;
        from_credits: Amount;
        overage: Amount;
        steps: Array<{
            operation: string;
            usage_id: string | null;
            already_paid: boolean;
            cost: Amount;
            from_credits: Amount;
            overage: Amount;
        }>;
    }>;
    cost: Amount;
    from_credits: Amount;
    overage: Amount;
    currency: string;
    credit_unit: string;
};

export type RedoQuoteRequest = {
    photo_box: PhotoBox;
};

export type RedoRequest = {
    photo_box: PhotoBox;
    quote_id?: string;
};

export type Refund = {
    id: string;
    payment_id: string;
    invoice_id: string;
    invoice_number: string | null;
    source: 'customer_credit' | 'invoice' | 'grant';
    credit_note_id: string | null;
    grant_id: string | null;
    amount: Amount;
    currency: string;
    reason: string;
    status: 'pending' | 'unknown' | 'succeeded' | 'failed';
    failure: string | null;
    created_at: Instant;
};

export type RefundList = {
    data: Array<Refund>;
    next_cursor: string | null;
};

export type RefundRequest = {
    account_id: string;
    source: 'customer_credit' | 'invoice' | 'grant';
    payment_id?: string;
    grant_id?: string;
    amount?: Amount;
    reason: string;
};

export type Rehearsal = {
    id: string;
    status: 'waiting' | 'running' | 'done' | 'failed';
    fault: string | null;
    draft: PlanRequest;
    currency: string;
    credit_unit: string;
    terms: number;
    among: 'subscribers' | 'everyone';
    created_at: Instant;
    finished_at: Instant | null;
    accounts: number | null;
    done: number;
    winners: number;
    losers: number;
    unchanged: number;
    paid: Amount;
    rehearsed: Amount;
    change: Amount;
    paid_overage: Amount;
    rehearsed_overage: Amount;
    left_out: number;
    not_offered: Array<string>;
    spread: Array<{
        up_to: number | null;
        accounts: number;
    }>;
};

export type RehearsalList = {
    data: Array<Rehearsal>;
    next_cursor: null;
};

export type RehearsalRequest = {
    currency: string;
    credit_unit: string;
    credit_price?: string;
    list_price: string;
    discount?: string;
    credits: string;
    prices: Array<{
        operation: string;
        unit_price: string;
        overage_unit_price?: string;
    }>;
    rollover?: {
        cap?: string;
        periods: number;
    };
    trial?: {
        days: number;
        successor: string;
    };
    code: string;
    name: string;
    terms?: number;
    among?: 'subscribers' | 'everyone';
};

export type RehearsedAccount = {
    account_id: string;
    name: string;
    terms: number;
    left_out: number;
    paid: Amount;
    rehearsed: Amount;
    change: Amount;
    paid_overage: Amount;
    rehearsed_overage: Amount;
    not_offered: Array<string>;
};

export type RehearsedAccountList = {
    data: Array<RehearsedAccount>;
    next_cursor: string | null;
};

export type RenderedMail = {
    subject: string;
    html: string;
    text: string;
};

export type ReplayRequest = {
    from: Instant;
    to: Instant;
};

export type Replayed = {
    deliveries: number;
};

export type ResumeResult = {
    status: 'active';
};

export type Run = {
    id: string;
    name: string;
    automation_id: string;
    status: 'running' | 'paused_by_budget' | 'finished' | 'cancelled';
    items: {
        total: number;
        queued: number;
        working: number;
        succeeded: number;
        failed: number;
        held: number;
        cancelled: number;
    };
    cost: Amount;
    from_credits: Amount;
    overage: Amount;
    currency: string;
    credit_unit: string;
    waiting_for: string | null;
    remaining_seconds: number | null;
    created_at: Instant;
    finished_at: Instant | null;
};

export type RunList = {
    data: Array<Run>;
    next_cursor: string | null;
};

export type RunRequest = {
    automation_id: string;
    image_ids: Array<string>;
    quote_id?: string;
    name?: string;
    callback_url?: string;
};

export type Scope = 'read' | 'write' | 'usage:write' | 'billing:write';

export type Seller = {
    name: string;
    address: {
        line1?: string | null;
        line2?: string | null;
        postal_code?: string | null;
        city?: string | null;
        region?: string | null;
        country?: string | null;
    };
    tax_id?: string | null;
    email?: string | '' | null;
    registration?: string | null;
    phone?: string | null;
    website?: string | null;
    bank?: {
        name?: string | null;
        iban?: string | null;
        bic?: string | null;
    } | null;
    footer?: string | null;
    logo?: string | null;
};

export type SettleRequest = {
    account_id: string;
    reference: string;
    received_at?: Instant;
};

export type SignInRequest = {
    email: string;
    password: string;
};

export type SignUpRequest = {
    name: string;
    email: string;
    password: string;
};

export type SignedIn = {
    user: {
        id: string;
        name: string;
        email: string;
    };
};

export type Step = {
    operation: string;
    settings?: {
        [key: string]: unknown;
    };
};

export type SubscriptionPreview = {
    id: string;
    kind: 'start' | 'upgrade' | 'at_boundary';
    plan: PlanRef;
    charge: Amount;
    taxes: Array<{
        name: string;
        rate: Amount;
        amount: Amount;
    }>;
    customer_credit_applied: Amount;
    amount_today: Amount;
    credits_today: Amount;
    balance_after: Amount;
    effective_at: Instant;
    period: Period;
    pinned_at: Instant;
    expires_at: Instant;
    summary: string;
};

export type SubscriptionRequest = {
    plan: string;
    preview_id?: string;
};

export type SubscriptionResult = {
    kind: 'start' | 'upgrade' | 'at_boundary';
    status: 'effective' | 'scheduled' | 'awaiting_payment';
    effective_at: Instant;
    invoice_id: string | null;
};

export type UnpaidInvoice = {
    id: string;
    account: {
        id: string;
        name: string;
    };
    number: string;
    status: string;
    currency: string;
    total: Amount;
    amount_due: Amount;
    finalized_at: Instant;
    first_failed_at: Instant | null;
    next_attempt_at: Instant | null;
    last_failure: string | null;
    under_way: boolean;
    payment_method: string | null;
    exposure: {
        owed: Amount;
        unbilled: Amount;
    };
};

export type UnpaidList = {
    data: Array<UnpaidInvoice>;
    next_cursor: string | null;
};

export type Unsubscribed = {
    kind: 'billing' | 'alerts' | 'runs' | 'weekly';
};

export type UploadAnswer = {
    images: Array<Image>;
    refused: Array<{
        name: string;
        refusal: string;
        detail: string;
    }>;
};

export type UsageAnswer = UsageRecord | Array<UsageRecord>;

export type UsageInput = {
    key: string;
    operation: string;
    quantity?: number;
    occurred_at?: Instant;
    account_id?: string;
};

export type UsageList = {
    data: Array<UsageListed>;
    next_cursor: string | null;
};

export type UsageListed = {
    id: string;
    key: string;
    source: 'api' | 'run';
    operation: string;
    quantity: number;
    unit_price: Amount;
    cost: Amount;
    from_credits: Amount;
    overage: Amount;
    booked_at: Instant;
    occurred_at: Instant;
    late: boolean;
    run_id: string | null;
    credited_by: string | null;
};

export type UsageRecord = {
    id: string;
    key: string;
    operation: string;
    quantity: number;
    cost: Amount;
    from_credits: Amount;
    overage: Amount;
    overage_credits: Amount;
    balance_after: Amount;
};

export type UsageRequest = UsageInput | Array<UsageInput>;

export type UsageSummary = {
    period: Period;
    days: Array<{
        day: string;
        operation: string;
        quantity: number;
        from_credits: Amount;
        overage: Amount;
    }>;
    operations: Array<{
        operation: string;
        quantity: number;
        cost: Amount;
        from_credits: Amount;
        overage: Amount;
    }>;
};

export type Verification = {
    accounts: number;
    verified: number;
    oldest_verified_at: Instant | null;
    data: Array<VerifiedAccount>;
};

export type VerificationRequest = {
    account_id?: string;
    accept?: string;
};

export type VerifiedAccount = {
    account_id: string;
    name: string;
    verified_at: Instant | null;
    whole_at: Instant | null;
    failed_at: Instant | null;
    parked_at: Instant | null;
    findings: Array<{
        check: string;
        row: string;
        detail: string;
    }>;
};

export type VoidGrantRequest = {
    account_id: string;
    reason: string;
};

export type WebhookDelivery = {
    id: string;
    endpoint_id: string;
    event_id: string;
    event_type: string;
    url: string;
    status: 'waiting' | 'delivered' | 'failed' | 'cancelled';
    attempts: number;
    replayed: boolean;
    last_status: number | null;
    last_failure: string | null;
    created_at: Instant;
    ended_at: Instant | null;
};

export type WebhookDeliveryDetail = {
    id: string;
    endpoint_id: string;
    event_id: string;
    event_type: string;
    url: string;
    status: 'waiting' | 'delivered' | 'failed' | 'cancelled';
    attempts: number;
    replayed: boolean;
    last_status: number | null;
    last_failure: string | null;
    created_at: Instant;
    ended_at: Instant | null;
    body: string;
    tries: Array<{
        attempt: number;
        sent_at: Instant;
        duration_ms: number;
        url: string;
        headers: {
            [key: string]: string;
        };
        status: number | null;
        failure: string | null;
        response: string | null;
    }>;
};

export type WebhookEndpoint = {
    id: string;
    kind: 'endpoint' | 'callback';
    url: string;
    description: string;
    events: Array<string>;
    status: 'enabled' | 'disabled';
    disabled_because: 'failing' | 'gone' | 'person' | null;
    failing_since: Instant | null;
    old_secret_until: Instant | null;
    waiting: number;
    created_at: Instant;
    secret?: string;
};

export type WriteOffRequest = {
    account_id: string;
    reason: string;
};

export type ListPlansData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/plans';
};

export type ListPlansErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListPlansError = ListPlansErrors[keyof ListPlansErrors];

export type ListPlansResponses = {
    /**
     * Success
     */
    200: PlanList;
};

export type ListPlansResponse = ListPlansResponses[keyof ListPlansResponses];

export type GetBillingData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/billing';
};

export type GetBillingErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetBillingError = GetBillingErrors[keyof GetBillingErrors];

export type GetBillingResponses = {
    /**
     * Success
     */
    200: Billing;
};

export type GetBillingResponse = GetBillingResponses[keyof GetBillingResponses];

export type PlanMixData = {
    body: MixRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/mix';
};

export type PlanMixErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PlanMixError = PlanMixErrors[keyof PlanMixErrors];

export type PlanMixResponses = {
    /**
     * Success
     */
    200: Mix;
};

export type PlanMixResponse = PlanMixResponses[keyof PlanMixResponses];

export type GetAdviceData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        terms?: number;
    };
    url: '/v1/advice';
};

export type GetAdviceErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetAdviceError = GetAdviceErrors[keyof GetAdviceErrors];

export type GetAdviceResponses = {
    /**
     * Success
     */
    200: Advice;
};

export type GetAdviceResponse = GetAdviceResponses[keyof GetAdviceResponses];

export type ChangeSubscriptionData = {
    body: SubscriptionRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/subscription';
};

export type ChangeSubscriptionErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ChangeSubscriptionError = ChangeSubscriptionErrors[keyof ChangeSubscriptionErrors];

export type ChangeSubscriptionResponses = {
    /**
     * Success
     */
    200: SubscriptionResult;
};

export type ChangeSubscriptionResponse = ChangeSubscriptionResponses[keyof ChangeSubscriptionResponses];

export type PreviewSubscriptionData = {
    body: SubscriptionRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/subscription/preview';
};

export type PreviewSubscriptionErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PreviewSubscriptionError = PreviewSubscriptionErrors[keyof PreviewSubscriptionErrors];

export type PreviewSubscriptionResponses = {
    /**
     * Success
     */
    200: SubscriptionPreview;
};

export type PreviewSubscriptionResponse = PreviewSubscriptionResponses[keyof PreviewSubscriptionResponses];

export type CancelSubscriptionData = {
    body?: CancelRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/subscription/cancel';
};

export type CancelSubscriptionErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CancelSubscriptionError = CancelSubscriptionErrors[keyof CancelSubscriptionErrors];

export type CancelSubscriptionResponses = {
    /**
     * Success
     */
    200: CancelResult;
};

export type CancelSubscriptionResponse = CancelSubscriptionResponses[keyof CancelSubscriptionResponses];

export type ResumeSubscriptionData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/subscription/resume';
};

export type ResumeSubscriptionErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ResumeSubscriptionError = ResumeSubscriptionErrors[keyof ResumeSubscriptionErrors];

export type ResumeSubscriptionResponses = {
    /**
     * Success
     */
    200: ResumeResult;
};

export type ResumeSubscriptionResponse = ResumeSubscriptionResponses[keyof ResumeSubscriptionResponses];

export type DeletePaymentMethodData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/payment-method';
};

export type DeletePaymentMethodErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type DeletePaymentMethodError = DeletePaymentMethodErrors[keyof DeletePaymentMethodErrors];

export type DeletePaymentMethodResponses = {
    /**
     * Done
     */
    204: void;
};

export type DeletePaymentMethodResponse = DeletePaymentMethodResponses[keyof DeletePaymentMethodResponses];

export type PutPaymentMethodData = {
    body: PaymentMethodRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/payment-method';
};

export type PutPaymentMethodErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PutPaymentMethodError = PutPaymentMethodErrors[keyof PutPaymentMethodErrors];

export type PutPaymentMethodResponses = {
    /**
     * Success
     */
    200: PaymentMethod;
};

export type PutPaymentMethodResponse = PutPaymentMethodResponses[keyof PutPaymentMethodResponses];

export type OpenCardFormData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/payment-method/setup';
};

export type OpenCardFormErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type OpenCardFormError = OpenCardFormErrors[keyof OpenCardFormErrors];

export type OpenCardFormResponses = {
    /**
     * Success
     */
    200: CardForm;
};

export type OpenCardFormResponse = OpenCardFormResponses[keyof OpenCardFormResponses];

export type ListGrantsData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/grants';
};

export type ListGrantsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListGrantsError = ListGrantsErrors[keyof ListGrantsErrors];

export type ListGrantsResponses = {
    /**
     * Success
     */
    200: GrantList;
};

export type ListGrantsResponse = ListGrantsResponses[keyof ListGrantsResponses];

export type ListEntriesData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/entries';
};

export type ListEntriesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListEntriesError = ListEntriesErrors[keyof ListEntriesErrors];

export type ListEntriesResponses = {
    /**
     * Success
     */
    200: EntryList;
};

export type ListEntriesResponse = ListEntriesResponses[keyof ListEntriesResponses];

export type ExportEntriesData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        from?: string | string;
        until?: string | string;
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/entries.csv';
};

export type ExportEntriesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ExportEntriesError = ExportEntriesErrors[keyof ExportEntriesErrors];

export type ExportEntriesResponses = {
    /**
     * Success
     */
    200: string;
};

export type ExportEntriesResponse = ExportEntriesResponses[keyof ExportEntriesResponses];

export type GetAlertsData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/alerts';
};

export type GetAlertsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetAlertsError = GetAlertsErrors[keyof GetAlertsErrors];

export type GetAlertsResponses = {
    /**
     * Success
     */
    200: Alerts;
};

export type GetAlertsResponse = GetAlertsResponses[keyof GetAlertsResponses];

export type PutAlertsData = {
    body: AlertRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/alerts';
};

export type PutAlertsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PutAlertsError = PutAlertsErrors[keyof PutAlertsErrors];

export type PutAlertsResponses = {
    /**
     * Success
     */
    200: Alerts;
};

export type PutAlertsResponse = PutAlertsResponses[keyof PutAlertsResponses];

export type GetPauseData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/pause';
};

export type GetPauseErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetPauseError = GetPauseErrors[keyof GetPauseErrors];

export type GetPauseResponses = {
    /**
     * Success
     */
    200: Pause;
};

export type GetPauseResponse = GetPauseResponses[keyof GetPauseResponses];

export type PutPauseData = {
    body: PauseRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/pause';
};

export type PutPauseErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PutPauseError = PutPauseErrors[keyof PutPauseErrors];

export type PutPauseResponses = {
    /**
     * Success
     */
    200: Pause;
};

export type PutPauseResponse = PutPauseResponses[keyof PutPauseResponses];

export type ListUsageData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/usage';
};

export type ListUsageErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListUsageError = ListUsageErrors[keyof ListUsageErrors];

export type ListUsageResponses = {
    /**
     * Success
     */
    200: UsageList;
};

export type ListUsageResponse = ListUsageResponses[keyof ListUsageResponses];

export type RecordUsageData = {
    body: UsageRequest;
    path?: never;
    query?: never;
    url: '/v1/usage';
};

export type RecordUsageErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type RecordUsageError = RecordUsageErrors[keyof RecordUsageErrors];

export type RecordUsageResponses = {
    /**
     * Known already
     */
    200: UsageAnswer;
    /**
     * Success
     */
    201: UsageAnswer;
};

export type RecordUsageResponse = RecordUsageResponses[keyof RecordUsageResponses];

export type ExportUsageData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        from?: string | string;
        until?: string | string;
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/usage.csv';
};

export type ExportUsageErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ExportUsageError = ExportUsageErrors[keyof ExportUsageErrors];

export type ExportUsageResponses = {
    /**
     * Success
     */
    200: string;
};

export type ExportUsageResponse = ExportUsageResponses[keyof ExportUsageResponses];

export type SummarizeUsageData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/usage/summary';
};

export type SummarizeUsageErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type SummarizeUsageError = SummarizeUsageErrors[keyof SummarizeUsageErrors];

export type SummarizeUsageResponses = {
    /**
     * Success
     */
    200: UsageSummary;
};

export type SummarizeUsageResponse = SummarizeUsageResponses[keyof SummarizeUsageResponses];

export type ListOperationsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operations';
};

export type ListOperationsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListOperationsError = ListOperationsErrors[keyof ListOperationsErrors];

export type ListOperationsResponses = {
    /**
     * Success
     */
    200: OperationList;
};

export type ListOperationsResponse = ListOperationsResponses[keyof ListOperationsResponses];

export type ListPresetsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/presets';
};

export type ListPresetsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListPresetsError = ListPresetsErrors[keyof ListPresetsErrors];

export type ListPresetsResponses = {
    /**
     * Success
     */
    200: {
        data: Array<{
            code: string;
            name: string;
            sources: Array<string>;
            read_on: string;
            note: string | null;
            steps: Array<Step>;
        }>;
        next_cursor: string | null;
    };
};

export type ListPresetsResponse = ListPresetsResponses[keyof ListPresetsResponses];

export type ListAutomationsData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/automations';
};

export type ListAutomationsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListAutomationsError = ListAutomationsErrors[keyof ListAutomationsErrors];

export type ListAutomationsResponses = {
    /**
     * Success
     */
    200: AutomationList;
};

export type ListAutomationsResponse = ListAutomationsResponses[keyof ListAutomationsResponses];

export type CreateAutomationData = {
    body: AutomationRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/automations';
};

export type CreateAutomationErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateAutomationError = CreateAutomationErrors[keyof CreateAutomationErrors];

export type CreateAutomationResponses = {
    /**
     * Success
     */
    201: Automation;
};

export type CreateAutomationResponse = CreateAutomationResponses[keyof CreateAutomationResponses];

export type DeleteAutomationData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/automations/{id}';
};

export type DeleteAutomationErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type DeleteAutomationError = DeleteAutomationErrors[keyof DeleteAutomationErrors];

export type DeleteAutomationResponses = {
    /**
     * Done
     */
    204: void;
};

export type DeleteAutomationResponse = DeleteAutomationResponses[keyof DeleteAutomationResponses];

export type GetAutomationData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/automations/{id}';
};

export type GetAutomationErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetAutomationError = GetAutomationErrors[keyof GetAutomationErrors];

export type GetAutomationResponses = {
    /**
     * Success
     */
    200: Automation;
};

export type GetAutomationResponse = GetAutomationResponses[keyof GetAutomationResponses];

export type UpdateAutomationData = {
    body?: AutomationPatch;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/automations/{id}';
};

export type UpdateAutomationErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type UpdateAutomationError = UpdateAutomationErrors[keyof UpdateAutomationErrors];

export type UpdateAutomationResponses = {
    /**
     * Success
     */
    200: Automation;
};

export type UpdateAutomationResponse = UpdateAutomationResponses[keyof UpdateAutomationResponses];

export type PreviewAutomationData = {
    body: {
        steps: Array<Step>;
        image_id: string;
        sketch?: boolean;
    };
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/automations/preview';
};

export type PreviewAutomationErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PreviewAutomationError = PreviewAutomationErrors[keyof PreviewAutomationErrors];

export type PreviewAutomationResponses = {
    /**
     * Success
     */
    200: {
        picture: {
            media_type: string;
            base64: string;
            width: number;
            height: number;
        };
        output: {
            format: string;
            width: number;
            height: number;
        };
        place_in_photo: {
            x: number;
            y: number;
            width: number;
            height: number;
        } | null;
        held: {
            reason: string;
            message: string;
        } | null;
        compliance: Array<{
            preset: string;
            name: string;
            verdict: 'meets' | 'meets_with_advice' | 'misses';
            rules: Array<{
                rule: string;
                met: boolean;
                advice: boolean;
                measured: string;
                wanted: string;
            }>;
        }>;
        mask_reused: boolean;
        sketched: boolean;
    };
};

export type PreviewAutomationResponse = PreviewAutomationResponses[keyof PreviewAutomationResponses];

export type ListHotFoldersData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/hot-folders';
};

export type ListHotFoldersErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListHotFoldersError = ListHotFoldersErrors[keyof ListHotFoldersErrors];

export type ListHotFoldersResponses = {
    /**
     * Success
     */
    200: HotFolderList;
};

export type ListHotFoldersResponse = ListHotFoldersResponses[keyof ListHotFoldersResponses];

export type CreateHotFolderData = {
    body: HotFolderRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/hot-folders';
};

export type CreateHotFolderErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateHotFolderError = CreateHotFolderErrors[keyof CreateHotFolderErrors];

export type CreateHotFolderResponses = {
    /**
     * Success
     */
    201: HotFolder;
};

export type CreateHotFolderResponse = CreateHotFolderResponses[keyof CreateHotFolderResponses];

export type RemoveHotFolderData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/hot-folders/{id}';
};

export type RemoveHotFolderErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type RemoveHotFolderError = RemoveHotFolderErrors[keyof RemoveHotFolderErrors];

export type RemoveHotFolderResponses = {
    /**
     * Done
     */
    204: void;
};

export type RemoveHotFolderResponse = RemoveHotFolderResponses[keyof RemoveHotFolderResponses];

export type GetHotFolderData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/hot-folders/{id}';
};

export type GetHotFolderErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetHotFolderError = GetHotFolderErrors[keyof GetHotFolderErrors];

export type GetHotFolderResponses = {
    /**
     * Success
     */
    200: HotFolder;
};

export type GetHotFolderResponse = GetHotFolderResponses[keyof GetHotFolderResponses];

export type UpdateHotFolderData = {
    body?: HotFolderPatch;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/hot-folders/{id}';
};

export type UpdateHotFolderErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type UpdateHotFolderError = UpdateHotFolderErrors[keyof UpdateHotFolderErrors];

export type UpdateHotFolderResponses = {
    /**
     * Success
     */
    200: HotFolder;
};

export type UpdateHotFolderResponse = UpdateHotFolderResponses[keyof UpdateHotFolderResponses];

export type ListHotFilesData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/hot-folders/{id}/files';
};

export type ListHotFilesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListHotFilesError = ListHotFilesErrors[keyof ListHotFilesErrors];

export type ListHotFilesResponses = {
    /**
     * Success
     */
    200: HotFileList;
};

export type ListHotFilesResponse = ListHotFilesResponses[keyof ListHotFilesResponses];

export type ListImagesData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/images';
};

export type ListImagesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListImagesError = ListImagesErrors[keyof ListImagesErrors];

export type ListImagesResponses = {
    /**
     * Success
     */
    200: ImageList;
};

export type ListImagesResponse = ListImagesResponses[keyof ListImagesResponses];

export type UploadImagesData = {
    body: {
        files: Array<Blob | File>;
    };
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/images';
};

export type UploadImagesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type UploadImagesError = UploadImagesErrors[keyof UploadImagesErrors];

export type UploadImagesResponses = {
    /**
     * Success
     */
    201: UploadAnswer;
};

export type UploadImagesResponse = UploadImagesResponses[keyof UploadImagesResponses];

export type UploadArchiveData = {
    body: Blob | File;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/images/archive';
};

export type UploadArchiveErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type UploadArchiveError = UploadArchiveErrors[keyof UploadArchiveErrors];

export type UploadArchiveResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type UploadArchiveResponse = UploadArchiveResponses[keyof UploadArchiveResponses];

export type FindImagesData = {
    body: {
        sha256: Array<string>;
    };
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/images/known';
};

export type FindImagesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type FindImagesError = FindImagesErrors[keyof FindImagesErrors];

export type FindImagesResponses = {
    /**
     * Success
     */
    200: ImageList;
};

export type FindImagesResponse = FindImagesResponses[keyof FindImagesResponses];

export type GetImageFileData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/images/{id}/file';
};

export type GetImageFileErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetImageFileError = GetImageFileErrors[keyof GetImageFileErrors];

export type GetImageFileResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type GetImageFileResponse = GetImageFileResponses[keyof GetImageFileResponses];

export type RemoveImageData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/images/{id}';
};

export type RemoveImageErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type RemoveImageError = RemoveImageErrors[keyof RemoveImageErrors];

export type RemoveImageResponses = {
    /**
     * Done
     */
    204: void;
};

export type RemoveImageResponse = RemoveImageResponses[keyof RemoveImageResponses];

export type CreateQuoteData = {
    body: QuoteRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/quotes';
};

export type CreateQuoteErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateQuoteError = CreateQuoteErrors[keyof CreateQuoteErrors];

export type CreateQuoteResponses = {
    /**
     * Success
     */
    201: Quote;
};

export type CreateQuoteResponse = CreateQuoteResponses[keyof CreateQuoteResponses];

export type ListRunsData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/runs';
};

export type ListRunsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListRunsError = ListRunsErrors[keyof ListRunsErrors];

export type ListRunsResponses = {
    /**
     * Success
     */
    200: RunList;
};

export type ListRunsResponse = ListRunsResponses[keyof ListRunsResponses];

export type CreateRunData = {
    body: RunRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/runs';
};

export type CreateRunErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateRunError = CreateRunErrors[keyof CreateRunErrors];

export type CreateRunResponses = {
    /**
     * Known already
     */
    200: Run;
    /**
     * Success
     */
    201: Run;
};

export type CreateRunResponse = CreateRunResponses[keyof CreateRunResponses];

export type GetRunData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/runs/{id}';
};

export type GetRunErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetRunError = GetRunErrors[keyof GetRunErrors];

export type GetRunResponses = {
    /**
     * Success
     */
    200: Run;
};

export type GetRunResponse = GetRunResponses[keyof GetRunResponses];

export type StreamRunData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/runs/{id}/events';
};

export type StreamRunErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type StreamRunError = StreamRunErrors[keyof StreamRunErrors];

export type StreamRunResponses = {
    /**
     * Success
     */
    200: string;
};

export type StreamRunResponse = StreamRunResponses[keyof StreamRunResponses];

export type ListItemsData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/runs/{id}/items';
};

export type ListItemsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListItemsError = ListItemsErrors[keyof ListItemsErrors];

export type ListItemsResponses = {
    /**
     * Success
     */
    200: ItemList;
};

export type ListItemsResponse = ListItemsResponses[keyof ListItemsResponses];

export type GetReceiptData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/runs/{id}/receipt';
};

export type GetReceiptErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetReceiptError = GetReceiptErrors[keyof GetReceiptErrors];

export type GetReceiptResponses = {
    /**
     * Success
     */
    200: Receipt;
};

export type GetReceiptResponse = GetReceiptResponses[keyof GetReceiptResponses];

export type GetReceiptPdfData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/runs/{id}/receipt.pdf';
};

export type GetReceiptPdfErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetReceiptPdfError = GetReceiptPdfErrors[keyof GetReceiptPdfErrors];

export type GetReceiptPdfResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type GetReceiptPdfResponse = GetReceiptPdfResponses[keyof GetReceiptPdfResponses];

export type DownloadResultsData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/runs/{id}/results.zip';
};

export type DownloadResultsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type DownloadResultsError = DownloadResultsErrors[keyof DownloadResultsErrors];

export type DownloadResultsResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type DownloadResultsResponse = DownloadResultsResponses[keyof DownloadResultsResponses];

export type CancelRunData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/runs/{id}/cancel';
};

export type CancelRunErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CancelRunError = CancelRunErrors[keyof CancelRunErrors];

export type CancelRunResponses = {
    /**
     * Success
     */
    200: Run;
};

export type CancelRunResponse = CancelRunResponses[keyof CancelRunResponses];

export type RetryRunData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/runs/{id}/retry';
};

export type RetryRunErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type RetryRunError = RetryRunErrors[keyof RetryRunErrors];

export type RetryRunResponses = {
    /**
     * Success
     */
    200: Run;
};

export type RetryRunResponse = RetryRunResponses[keyof RetryRunResponses];

export type GetItemData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/items/{id}';
};

export type GetItemErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetItemError = GetItemErrors[keyof GetItemErrors];

export type GetItemResponses = {
    /**
     * Success
     */
    200: Item;
};

export type GetItemResponse = GetItemResponses[keyof GetItemResponses];

export type CheckItemData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/items/{id}/compliance';
};

export type CheckItemErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CheckItemError = CheckItemErrors[keyof CheckItemErrors];

export type CheckItemResponses = {
    /**
     * Success
     */
    200: {
        data: Array<{
            preset: string;
            name: string;
            verdict: 'meets' | 'meets_with_advice' | 'misses';
            rules: Array<{
                rule: string;
                met: boolean;
                advice: boolean;
                measured: string;
                wanted: string;
            }>;
        }>;
        next_cursor: string | null;
    };
};

export type CheckItemResponse = CheckItemResponses[keyof CheckItemResponses];

export type AcceptItemData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/items/{id}/accept';
};

export type AcceptItemErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type AcceptItemError = AcceptItemErrors[keyof AcceptItemErrors];

export type AcceptItemResponses = {
    /**
     * Success
     */
    200: Item;
};

export type AcceptItemResponse = AcceptItemResponses[keyof AcceptItemResponses];

export type DiscardItemData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/items/{id}/discard';
};

export type DiscardItemErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type DiscardItemError = DiscardItemErrors[keyof DiscardItemErrors];

export type DiscardItemResponses = {
    /**
     * Success
     */
    200: Item;
};

export type DiscardItemResponse = DiscardItemResponses[keyof DiscardItemResponses];

export type QuoteRedoData = {
    body: RedoQuoteRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/items/{id}/redo/quote';
};

export type QuoteRedoErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type QuoteRedoError = QuoteRedoErrors[keyof QuoteRedoErrors];

export type QuoteRedoResponses = {
    /**
     * Success
     */
    201: Quote;
};

export type QuoteRedoResponse = QuoteRedoResponses[keyof QuoteRedoResponses];

export type RedoItemData = {
    body: RedoRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/items/{id}/redo';
};

export type RedoItemErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type RedoItemError = RedoItemErrors[keyof RedoItemErrors];

export type RedoItemResponses = {
    /**
     * Known already
     */
    200: Run;
    /**
     * Success
     */
    201: Run;
};

export type RedoItemResponse = RedoItemResponses[keyof RedoItemResponses];

export type GetItemFileData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/items/{id}/file';
};

export type GetItemFileErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetItemFileError = GetItemFileErrors[keyof GetItemFileErrors];

export type GetItemFileResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type GetItemFileResponse = GetItemFileResponses[keyof GetItemFileResponses];

export type GetItemPreviewData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/items/{id}/preview';
};

export type GetItemPreviewErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetItemPreviewError = GetItemPreviewErrors[keyof GetItemPreviewErrors];

export type GetItemPreviewResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type GetItemPreviewResponse = GetItemPreviewResponses[keyof GetItemPreviewResponses];

export type ListInvoicesData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/invoices';
};

export type ListInvoicesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListInvoicesError = ListInvoicesErrors[keyof ListInvoicesErrors];

export type ListInvoicesResponses = {
    /**
     * Success
     */
    200: InvoiceList;
};

export type ListInvoicesResponse = ListInvoicesResponses[keyof ListInvoicesResponses];

export type ExportInvoicesData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        from?: string | string;
        until?: string | string;
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/invoices.csv';
};

export type ExportInvoicesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ExportInvoicesError = ExportInvoicesErrors[keyof ExportInvoicesErrors];

export type ExportInvoicesResponses = {
    /**
     * Success
     */
    200: string;
};

export type ExportInvoicesResponse = ExportInvoicesResponses[keyof ExportInvoicesResponses];

export type DownloadInvoicesData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        from?: string | string;
        until?: string | string;
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/invoices.zip';
};

export type DownloadInvoicesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type DownloadInvoicesError = DownloadInvoicesErrors[keyof DownloadInvoicesErrors];

export type DownloadInvoicesResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type DownloadInvoicesResponse = DownloadInvoicesResponses[keyof DownloadInvoicesResponses];

export type GetUpcomingInvoiceData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/invoices/upcoming';
};

export type GetUpcomingInvoiceErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetUpcomingInvoiceError = GetUpcomingInvoiceErrors[keyof GetUpcomingInvoiceErrors];

export type GetUpcomingInvoiceResponses = {
    /**
     * Success
     */
    200: Invoice;
};

export type GetUpcomingInvoiceResponse = GetUpcomingInvoiceResponses[keyof GetUpcomingInvoiceResponses];

export type GetInvoiceData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/invoices/{id}';
};

export type GetInvoiceErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetInvoiceError = GetInvoiceErrors[keyof GetInvoiceErrors];

export type GetInvoiceResponses = {
    /**
     * Success
     */
    200: Invoice;
};

export type GetInvoiceResponse = GetInvoiceResponses[keyof GetInvoiceResponses];

export type GetInvoiceProofData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/invoices/{id}/proof';
};

export type GetInvoiceProofErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetInvoiceProofError = GetInvoiceProofErrors[keyof GetInvoiceProofErrors];

export type GetInvoiceProofResponses = {
    /**
     * Success
     */
    200: InvoiceProof;
};

export type GetInvoiceProofResponse = GetInvoiceProofResponses[keyof GetInvoiceProofResponses];

export type GetInvoicePdfData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/invoices/{id}.pdf';
};

export type GetInvoicePdfErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetInvoicePdfError = GetInvoicePdfErrors[keyof GetInvoicePdfErrors];

export type GetInvoicePdfResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type GetInvoicePdfResponse = GetInvoicePdfResponses[keyof GetInvoicePdfResponses];

export type GetInvoiceUblData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/invoices/{id}/ubl.xml';
};

export type GetInvoiceUblErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetInvoiceUblError = GetInvoiceUblErrors[keyof GetInvoiceUblErrors];

export type GetInvoiceUblResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type GetInvoiceUblResponse = GetInvoiceUblResponses[keyof GetInvoiceUblResponses];

export type GetInvoiceFacturXData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/invoices/{id}/factur-x.pdf';
};

export type GetInvoiceFacturXErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetInvoiceFacturXError = GetInvoiceFacturXErrors[keyof GetInvoiceFacturXErrors];

export type GetInvoiceFacturXResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type GetInvoiceFacturXResponse = GetInvoiceFacturXResponses[keyof GetInvoiceFacturXResponses];

export type PayInvoiceData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/invoices/{id}/pay';
};

export type PayInvoiceErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PayInvoiceError = PayInvoiceErrors[keyof PayInvoiceErrors];

export type PayInvoiceResponses = {
    /**
     * Success
     */
    200: Invoice;
};

export type PayInvoiceResponse = PayInvoiceResponses[keyof PayInvoiceResponses];

export type ListPaymentsData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
        status?: 'pending' | 'unknown' | 'action_required' | 'succeeded' | 'failed';
    };
    url: '/v1/payments';
};

export type ListPaymentsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListPaymentsError = ListPaymentsErrors[keyof ListPaymentsErrors];

export type ListPaymentsResponses = {
    /**
     * Success
     */
    200: PaymentList;
};

export type ListPaymentsResponse = ListPaymentsResponses[keyof ListPaymentsResponses];

export type GetPaymentData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/payments/{id}';
};

export type GetPaymentErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetPaymentError = GetPaymentErrors[keyof GetPaymentErrors];

export type GetPaymentResponses = {
    /**
     * Success
     */
    200: Payment;
};

export type GetPaymentResponse = GetPaymentResponses[keyof GetPaymentResponses];

export type ConfirmPaymentData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/payments/{id}/confirm';
};

export type ConfirmPaymentErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ConfirmPaymentError = ConfirmPaymentErrors[keyof ConfirmPaymentErrors];

export type ConfirmPaymentResponses = {
    /**
     * Success
     */
    200: Confirmation;
};

export type ConfirmPaymentResponse = ConfirmPaymentResponses[keyof ConfirmPaymentResponses];

export type ListCreditNotesData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/credit-notes';
};

export type ListCreditNotesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListCreditNotesError = ListCreditNotesErrors[keyof ListCreditNotesErrors];

export type ListCreditNotesResponses = {
    /**
     * Success
     */
    200: CreditNoteList;
};

export type ListCreditNotesResponse = ListCreditNotesResponses[keyof ListCreditNotesResponses];

export type GetCreditNoteData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/credit-notes/{id}';
};

export type GetCreditNoteErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetCreditNoteError = GetCreditNoteErrors[keyof GetCreditNoteErrors];

export type GetCreditNoteResponses = {
    /**
     * Success
     */
    200: CreditNote;
};

export type GetCreditNoteResponse = GetCreditNoteResponses[keyof GetCreditNoteResponses];

export type GetCreditNotePdfData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/credit-notes/{id}.pdf';
};

export type GetCreditNotePdfErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetCreditNotePdfError = GetCreditNotePdfErrors[keyof GetCreditNotePdfErrors];

export type GetCreditNotePdfResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type GetCreditNotePdfResponse = GetCreditNotePdfResponses[keyof GetCreditNotePdfResponses];

export type GetCreditNoteUblData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/credit-notes/{id}/ubl.xml';
};

export type GetCreditNoteUblErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetCreditNoteUblError = GetCreditNoteUblErrors[keyof GetCreditNoteUblErrors];

export type GetCreditNoteUblResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type GetCreditNoteUblResponse = GetCreditNoteUblResponses[keyof GetCreditNoteUblResponses];

export type GetCreditNoteFacturXData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * For a session of a user with several accounts. In place of the header.
         */
        account?: string;
    };
    url: '/v1/credit-notes/{id}/factur-x.pdf';
};

export type GetCreditNoteFacturXErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetCreditNoteFacturXError = GetCreditNoteFacturXErrors[keyof GetCreditNoteFacturXErrors];

export type GetCreditNoteFacturXResponses = {
    /**
     * Success
     */
    200: Blob | File;
};

export type GetCreditNoteFacturXResponse = GetCreditNoteFacturXResponses[keyof GetCreditNoteFacturXResponses];

export type GetBillingDetailsData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/billing-details';
};

export type GetBillingDetailsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetBillingDetailsError = GetBillingDetailsErrors[keyof GetBillingDetailsErrors];

export type GetBillingDetailsResponses = {
    /**
     * Success
     */
    200: BillingDetails;
};

export type GetBillingDetailsResponse = GetBillingDetailsResponses[keyof GetBillingDetailsResponses];

export type PutBillingDetailsData = {
    body: BillingDetails;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/billing-details';
};

export type PutBillingDetailsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PutBillingDetailsError = PutBillingDetailsErrors[keyof PutBillingDetailsErrors];

export type PutBillingDetailsResponses = {
    /**
     * Success
     */
    200: BillingDetails;
};

export type PutBillingDetailsResponse = PutBillingDetailsResponses[keyof PutBillingDetailsResponses];

export type SignUpData = {
    body: SignUpRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/auth/sign-up/email';
};

export type SignUpErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type SignUpError = SignUpErrors[keyof SignUpErrors];

export type SignUpResponses = {
    /**
     * Success
     */
    201: SignedIn;
};

export type SignUpResponse = SignUpResponses[keyof SignUpResponses];

export type SignInData = {
    body: SignInRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/auth/sign-in/email';
};

export type SignInErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type SignInError = SignInErrors[keyof SignInErrors];

export type SignInResponses = {
    /**
     * Success
     */
    200: SignedIn;
};

export type SignInResponse = SignInResponses[keyof SignInResponses];

export type SignOutData = {
    body?: never;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/auth/sign-out';
};

export type SignOutErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type SignOutError = SignOutErrors[keyof SignOutErrors];

export type SignOutResponses = {
    /**
     * Done
     */
    204: void;
};

export type SignOutResponse = SignOutResponses[keyof SignOutResponses];

export type SendPasswordLinkData = {
    body: PasswordLinkRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/auth/forgot-password';
};

export type SendPasswordLinkErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type SendPasswordLinkError = SendPasswordLinkErrors[keyof SendPasswordLinkErrors];

export type SendPasswordLinkResponses = {
    /**
     * Done
     */
    204: void;
};

export type SendPasswordLinkResponse = SendPasswordLinkResponses[keyof SendPasswordLinkResponses];

export type SetPasswordData = {
    body: NewPasswordRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/auth/new-password';
};

export type SetPasswordErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type SetPasswordError = SetPasswordErrors[keyof SetPasswordErrors];

export type SetPasswordResponses = {
    /**
     * Done
     */
    204: void;
};

export type SetPasswordResponse = SetPasswordResponses[keyof SetPasswordResponses];

export type BecomeFirstOperatorData = {
    body: FirstOperatorRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/auth/first-operator';
};

export type BecomeFirstOperatorErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type BecomeFirstOperatorError = BecomeFirstOperatorErrors[keyof BecomeFirstOperatorErrors];

export type BecomeFirstOperatorResponses = {
    /**
     * Success
     */
    201: SignedIn;
};

export type BecomeFirstOperatorResponse = BecomeFirstOperatorResponses[keyof BecomeFirstOperatorResponses];

export type GetMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/me';
};

export type GetMeErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetMeError = GetMeErrors[keyof GetMeErrors];

export type GetMeResponses = {
    /**
     * Success
     */
    200: Me;
};

export type GetMeResponse = GetMeResponses[keyof GetMeResponses];

export type CreateAccountData = {
    body: AccountRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/accounts';
};

export type CreateAccountErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateAccountError = CreateAccountErrors[keyof CreateAccountErrors];

export type CreateAccountResponses = {
    /**
     * Success
     */
    201: Account;
};

export type CreateAccountResponse = CreateAccountResponses[keyof CreateAccountResponses];

export type GetAccountData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/account';
};

export type GetAccountErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetAccountError = GetAccountErrors[keyof GetAccountErrors];

export type GetAccountResponses = {
    /**
     * Success
     */
    200: Account;
};

export type GetAccountResponse = GetAccountResponses[keyof GetAccountResponses];

export type ListMembersData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/members';
};

export type ListMembersErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListMembersError = ListMembersErrors[keyof ListMembersErrors];

export type ListMembersResponses = {
    /**
     * Success
     */
    200: MemberList;
};

export type ListMembersResponse = ListMembersResponses[keyof ListMembersResponses];

export type RemoveMemberData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        user_id: string;
    };
    query?: never;
    url: '/v1/members/{user_id}';
};

export type RemoveMemberErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type RemoveMemberError = RemoveMemberErrors[keyof RemoveMemberErrors];

export type RemoveMemberResponses = {
    /**
     * Done
     */
    204: void;
};

export type RemoveMemberResponse = RemoveMemberResponses[keyof RemoveMemberResponses];

export type UpdateMemberData = {
    body: MemberPatch;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        user_id: string;
    };
    query?: never;
    url: '/v1/members/{user_id}';
};

export type UpdateMemberErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type UpdateMemberError = UpdateMemberErrors[keyof UpdateMemberErrors];

export type UpdateMemberResponses = {
    /**
     * Success
     */
    200: Member;
};

export type UpdateMemberResponse = UpdateMemberResponses[keyof UpdateMemberResponses];

export type ListInvitationsData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/invitations';
};

export type ListInvitationsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListInvitationsError = ListInvitationsErrors[keyof ListInvitationsErrors];

export type ListInvitationsResponses = {
    /**
     * Success
     */
    200: InvitationList;
};

export type ListInvitationsResponse = ListInvitationsResponses[keyof ListInvitationsResponses];

export type CreateInvitationData = {
    body: InvitationRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/invitations';
};

export type CreateInvitationErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateInvitationError = CreateInvitationErrors[keyof CreateInvitationErrors];

export type CreateInvitationResponses = {
    /**
     * Success
     */
    201: Invitation;
};

export type CreateInvitationResponse = CreateInvitationResponses[keyof CreateInvitationResponses];

export type AcceptInvitationData = {
    body: AcceptInvitationRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/invitations/accept';
};

export type AcceptInvitationErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type AcceptInvitationError = AcceptInvitationErrors[keyof AcceptInvitationErrors];

export type AcceptInvitationResponses = {
    /**
     * Success
     */
    200: Account;
};

export type AcceptInvitationResponse = AcceptInvitationResponses[keyof AcceptInvitationResponses];

export type ListApiKeysData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/api-keys';
};

export type ListApiKeysErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListApiKeysError = ListApiKeysErrors[keyof ListApiKeysErrors];

export type ListApiKeysResponses = {
    /**
     * Success
     */
    200: ApiKeyList;
};

export type ListApiKeysResponse = ListApiKeysResponses[keyof ListApiKeysResponses];

export type CreateApiKeyData = {
    body: ApiKeyRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/api-keys';
};

export type CreateApiKeyErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateApiKeyError = CreateApiKeyErrors[keyof CreateApiKeyErrors];

export type CreateApiKeyResponses = {
    /**
     * Success
     */
    201: ApiKey;
};

export type CreateApiKeyResponse = CreateApiKeyResponses[keyof CreateApiKeyResponses];

export type RevokeApiKeyData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/api-keys/{id}';
};

export type RevokeApiKeyErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type RevokeApiKeyError = RevokeApiKeyErrors[keyof RevokeApiKeyErrors];

export type RevokeApiKeyResponses = {
    /**
     * Done
     */
    204: void;
};

export type RevokeApiKeyResponse = RevokeApiKeyResponses[keyof RevokeApiKeyResponses];

export type GetMailPreferencesData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/mail-preferences';
};

export type GetMailPreferencesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetMailPreferencesError = GetMailPreferencesErrors[keyof GetMailPreferencesErrors];

export type GetMailPreferencesResponses = {
    /**
     * Success
     */
    200: MailPreferences;
};

export type GetMailPreferencesResponse = GetMailPreferencesResponses[keyof GetMailPreferencesResponses];

export type PutMailPreferencesData = {
    body: MailPreferences;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/mail-preferences';
};

export type PutMailPreferencesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PutMailPreferencesError = PutMailPreferencesErrors[keyof PutMailPreferencesErrors];

export type PutMailPreferencesResponses = {
    /**
     * Success
     */
    200: MailPreferences;
};

export type PutMailPreferencesResponse = PutMailPreferencesResponses[keyof PutMailPreferencesResponses];

export type UnsubscribeData = {
    body: Blob | File;
    path: {
        token: string;
    };
    query?: never;
    url: '/v1/unsubscribe/{token}';
};

export type UnsubscribeErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type UnsubscribeError = UnsubscribeErrors[keyof UnsubscribeErrors];

export type UnsubscribeResponses = {
    /**
     * Success
     */
    200: Unsubscribed;
};

export type UnsubscribeResponse = UnsubscribeResponses[keyof UnsubscribeResponses];

export type ListEventTypesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/webhooks/events';
};

export type ListEventTypesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListEventTypesError = ListEventTypesErrors[keyof ListEventTypesErrors];

export type ListEventTypesResponses = {
    /**
     * Success
     */
    200: EventTypes;
};

export type ListEventTypesResponse = ListEventTypesResponses[keyof ListEventTypesResponses];

export type ListEndpointsData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/webhooks';
};

export type ListEndpointsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListEndpointsError = ListEndpointsErrors[keyof ListEndpointsErrors];

export type ListEndpointsResponses = {
    /**
     * Success
     */
    200: EndpointList;
};

export type ListEndpointsResponse = ListEndpointsResponses[keyof ListEndpointsResponses];

export type CreateEndpointData = {
    body: EndpointRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/webhooks';
};

export type CreateEndpointErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateEndpointError = CreateEndpointErrors[keyof CreateEndpointErrors];

export type CreateEndpointResponses = {
    /**
     * Success
     */
    201: WebhookEndpoint;
};

export type CreateEndpointResponse = CreateEndpointResponses[keyof CreateEndpointResponses];

export type RemoveEndpointData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}';
};

export type RemoveEndpointErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type RemoveEndpointError = RemoveEndpointErrors[keyof RemoveEndpointErrors];

export type RemoveEndpointResponses = {
    /**
     * Done
     */
    204: void;
};

export type RemoveEndpointResponse = RemoveEndpointResponses[keyof RemoveEndpointResponses];

export type GetEndpointData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}';
};

export type GetEndpointErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetEndpointError = GetEndpointErrors[keyof GetEndpointErrors];

export type GetEndpointResponses = {
    /**
     * Success
     */
    200: WebhookEndpoint;
};

export type GetEndpointResponse = GetEndpointResponses[keyof GetEndpointResponses];

export type UpdateEndpointData = {
    body?: EndpointPatch;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}';
};

export type UpdateEndpointErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type UpdateEndpointError = UpdateEndpointErrors[keyof UpdateEndpointErrors];

export type UpdateEndpointResponses = {
    /**
     * Success
     */
    200: WebhookEndpoint;
};

export type UpdateEndpointResponse = UpdateEndpointResponses[keyof UpdateEndpointResponses];

export type RotateEndpointSecretData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}/secret';
};

export type RotateEndpointSecretErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type RotateEndpointSecretError = RotateEndpointSecretErrors[keyof RotateEndpointSecretErrors];

export type RotateEndpointSecretResponses = {
    /**
     * Success
     */
    201: WebhookEndpoint;
};

export type RotateEndpointSecretResponse = RotateEndpointSecretResponses[keyof RotateEndpointSecretResponses];

export type TestEndpointData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}/test';
};

export type TestEndpointErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type TestEndpointError = TestEndpointErrors[keyof TestEndpointErrors];

export type TestEndpointResponses = {
    /**
     * Success
     */
    201: WebhookDeliveryDetail;
};

export type TestEndpointResponse = TestEndpointResponses[keyof TestEndpointResponses];

export type ReplayEventsData = {
    body: ReplayRequest;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}/replay';
};

export type ReplayEventsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ReplayEventsError = ReplayEventsErrors[keyof ReplayEventsErrors];

export type ReplayEventsResponses = {
    /**
     * Success
     */
    201: Replayed;
};

export type ReplayEventsResponse = ReplayEventsResponses[keyof ReplayEventsResponses];

export type ListDeliveriesData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/webhooks/{id}/deliveries';
};

export type ListDeliveriesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListDeliveriesError = ListDeliveriesErrors[keyof ListDeliveriesErrors];

export type ListDeliveriesResponses = {
    /**
     * Success
     */
    200: DeliveryList;
};

export type ListDeliveriesResponse = ListDeliveriesResponses[keyof ListDeliveriesResponses];

export type GetDeliveryData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/webhook-deliveries/{id}';
};

export type GetDeliveryErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetDeliveryError = GetDeliveryErrors[keyof GetDeliveryErrors];

export type GetDeliveryResponses = {
    /**
     * Success
     */
    200: WebhookDeliveryDetail;
};

export type GetDeliveryResponse = GetDeliveryResponses[keyof GetDeliveryResponses];

export type ReplayDeliveryData = {
    body?: never;
    headers?: {
        /**
         * For a session of a user with several accounts.
         */
        'Drawdown-Account'?: string;
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/webhook-deliveries/{id}/replay';
};

export type ReplayDeliveryErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ReplayDeliveryError = ReplayDeliveryErrors[keyof ReplayDeliveryErrors];

export type ReplayDeliveryResponses = {
    /**
     * Success
     */
    201: WebhookDeliveryDetail;
};

export type ReplayDeliveryResponse = ReplayDeliveryResponses[keyof ReplayDeliveryResponses];

export type ListMailTemplatesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operator/mail-templates';
};

export type ListMailTemplatesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListMailTemplatesError = ListMailTemplatesErrors[keyof ListMailTemplatesErrors];

export type ListMailTemplatesResponses = {
    /**
     * Success
     */
    200: MailTemplates;
};

export type ListMailTemplatesResponse = ListMailTemplatesResponses[keyof ListMailTemplatesResponses];

export type GetMailTemplateData = {
    body?: never;
    path: {
        name: string;
    };
    query?: never;
    url: '/v1/operator/mail-templates/{name}';
};

export type GetMailTemplateErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetMailTemplateError = GetMailTemplateErrors[keyof GetMailTemplateErrors];

export type GetMailTemplateResponses = {
    /**
     * Success
     */
    200: RenderedMail;
};

export type GetMailTemplateResponse = GetMailTemplateResponses[keyof GetMailTemplateResponses];

export type ListMailsData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/operator/mails';
};

export type ListMailsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListMailsError = ListMailsErrors[keyof ListMailsErrors];

export type ListMailsResponses = {
    /**
     * Success
     */
    200: MailList;
};

export type ListMailsResponse = ListMailsResponses[keyof ListMailsResponses];

export type GetMailData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/mails/{id}';
};

export type GetMailErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetMailError = GetMailErrors[keyof GetMailErrors];

export type GetMailResponses = {
    /**
     * Success
     */
    200: MailDetail;
};

export type GetMailResponse = GetMailResponses[keyof GetMailResponses];

export type RetryMailData = {
    body?: never;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/mails/{id}/retry';
};

export type RetryMailErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type RetryMailError = RetryMailErrors[keyof RetryMailErrors];

export type RetryMailResponses = {
    /**
     * Success
     */
    200: MailDetail;
};

export type RetryMailResponse = RetryMailResponses[keyof RetryMailResponses];

export type ListAccountsData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
        search?: string;
    };
    url: '/v1/operator/accounts';
};

export type ListAccountsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListAccountsError = ListAccountsErrors[keyof ListAccountsErrors];

export type ListAccountsResponses = {
    /**
     * Success
     */
    200: OperatorAccountList;
};

export type ListAccountsResponse = ListAccountsResponses[keyof ListAccountsResponses];

export type CreateOperatorAccountData = {
    body: OperatorAccountRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/operator/accounts';
};

export type CreateOperatorAccountErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateOperatorAccountError = CreateOperatorAccountErrors[keyof CreateOperatorAccountErrors];

export type CreateOperatorAccountResponses = {
    /**
     * Success
     */
    201: OperatorAccountCreated;
};

export type CreateOperatorAccountResponse = CreateOperatorAccountResponses[keyof CreateOperatorAccountResponses];

export type GetOperatorAccountData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}';
};

export type GetOperatorAccountErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetOperatorAccountError = GetOperatorAccountErrors[keyof GetOperatorAccountErrors];

export type GetOperatorAccountResponses = {
    /**
     * Success
     */
    200: AccountView;
};

export type GetOperatorAccountResponse = GetOperatorAccountResponses[keyof GetOperatorAccountResponses];

export type ListOperatorUsageData = {
    body?: never;
    path: {
        id: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/operator/accounts/{id}/usage';
};

export type ListOperatorUsageErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListOperatorUsageError = ListOperatorUsageErrors[keyof ListOperatorUsageErrors];

export type ListOperatorUsageResponses = {
    /**
     * Success
     */
    200: UsageList;
};

export type ListOperatorUsageResponse = ListOperatorUsageResponses[keyof ListOperatorUsageResponses];

export type CreateOperatorKeyData = {
    body: ApiKeyRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}/keys';
};

export type CreateOperatorKeyErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateOperatorKeyError = CreateOperatorKeyErrors[keyof CreateOperatorKeyErrors];

export type CreateOperatorKeyResponses = {
    /**
     * Success
     */
    201: ApiKey;
};

export type CreateOperatorKeyResponse = CreateOperatorKeyResponses[keyof CreateOperatorKeyResponses];

export type ListOperatorPlansData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operator/plans';
};

export type ListOperatorPlansErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListOperatorPlansError = ListOperatorPlansErrors[keyof ListOperatorPlansErrors];

export type ListOperatorPlansResponses = {
    /**
     * Success
     */
    200: Catalogue;
};

export type ListOperatorPlansResponse = ListOperatorPlansResponses[keyof ListOperatorPlansResponses];

export type PublishPlanData = {
    body: PlanRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/operator/plans';
};

export type PublishPlanErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PublishPlanError = PublishPlanErrors[keyof PublishPlanErrors];

export type PublishPlanResponses = {
    /**
     * Success
     */
    201: Plan;
};

export type PublishPlanResponse = PublishPlanResponses[keyof PublishPlanResponses];

export type PublishPlanVersionData = {
    body: PlanVersionRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        code: string;
    };
    query?: never;
    url: '/v1/operator/plans/{code}/versions';
};

export type PublishPlanVersionErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PublishPlanVersionError = PublishPlanVersionErrors[keyof PublishPlanVersionErrors];

export type PublishPlanVersionResponses = {
    /**
     * Success
     */
    201: Plan;
};

export type PublishPlanVersionResponse = PublishPlanVersionResponses[keyof PublishPlanVersionResponses];

export type UpdateOperatorPlanData = {
    body: PlanPatch;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        code: string;
    };
    query?: never;
    url: '/v1/operator/plans/{code}';
};

export type UpdateOperatorPlanErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type UpdateOperatorPlanError = UpdateOperatorPlanErrors[keyof UpdateOperatorPlanErrors];

export type UpdateOperatorPlanResponses = {
    /**
     * Success
     */
    200: CataloguePlan;
};

export type UpdateOperatorPlanResponse = UpdateOperatorPlanResponses[keyof UpdateOperatorPlanResponses];

export type ListRehearsalsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operator/rehearsals';
};

export type ListRehearsalsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListRehearsalsError = ListRehearsalsErrors[keyof ListRehearsalsErrors];

export type ListRehearsalsResponses = {
    /**
     * Success
     */
    200: RehearsalList;
};

export type ListRehearsalsResponse = ListRehearsalsResponses[keyof ListRehearsalsResponses];

export type CreateRehearsalData = {
    body: RehearsalRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/operator/rehearsals';
};

export type CreateRehearsalErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateRehearsalError = CreateRehearsalErrors[keyof CreateRehearsalErrors];

export type CreateRehearsalResponses = {
    /**
     * Success
     */
    202: Rehearsal;
};

export type CreateRehearsalResponse = CreateRehearsalResponses[keyof CreateRehearsalResponses];

export type GetRehearsalData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/rehearsals/{id}';
};

export type GetRehearsalErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetRehearsalError = GetRehearsalErrors[keyof GetRehearsalErrors];

export type GetRehearsalResponses = {
    /**
     * Success
     */
    200: Rehearsal;
};

export type GetRehearsalResponse = GetRehearsalResponses[keyof GetRehearsalResponses];

export type ListRehearsedAccountsData = {
    body?: never;
    path: {
        id: string;
    };
    query?: {
        limit?: number;
        cursor?: string;
        first?: 'losers' | 'winners';
    };
    url: '/v1/operator/rehearsals/{id}/accounts';
};

export type ListRehearsedAccountsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListRehearsedAccountsError = ListRehearsedAccountsErrors[keyof ListRehearsedAccountsErrors];

export type ListRehearsedAccountsResponses = {
    /**
     * Success
     */
    200: RehearsedAccountList;
};

export type ListRehearsedAccountsResponse = ListRehearsedAccountsResponses[keyof ListRehearsedAccountsResponses];

export type ListOperatorGrantsData = {
    body?: never;
    path?: never;
    query: {
        limit?: number;
        cursor?: string;
        account_id: string;
    };
    url: '/v1/operator/grants';
};

export type ListOperatorGrantsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListOperatorGrantsError = ListOperatorGrantsErrors[keyof ListOperatorGrantsErrors];

export type ListOperatorGrantsResponses = {
    /**
     * Success
     */
    200: OperatorGrantList;
};

export type ListOperatorGrantsResponse = ListOperatorGrantsResponses[keyof ListOperatorGrantsResponses];

export type GrantCreditsData = {
    body: OperatorGrantRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/operator/grants';
};

export type GrantCreditsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GrantCreditsError = GrantCreditsErrors[keyof GrantCreditsErrors];

export type GrantCreditsResponses = {
    /**
     * Known already
     */
    200: OperatorGrant;
    /**
     * Success
     */
    201: OperatorGrant;
};

export type GrantCreditsResponse = GrantCreditsResponses[keyof GrantCreditsResponses];

export type VoidGrantData = {
    body: VoidGrantRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/grants/{id}/void';
};

export type VoidGrantErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type VoidGrantError = VoidGrantErrors[keyof VoidGrantErrors];

export type VoidGrantResponses = {
    /**
     * Success
     */
    200: OperatorGrant;
};

export type VoidGrantResponse = VoidGrantResponses[keyof VoidGrantResponses];

export type CreateCreditNoteData = {
    body: CreditNoteRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/operator/credit-notes';
};

export type CreateCreditNoteErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateCreditNoteError = CreateCreditNoteErrors[keyof CreateCreditNoteErrors];

export type CreateCreditNoteResponses = {
    /**
     * Success
     */
    201: CreditNote;
};

export type CreateCreditNoteResponse = CreateCreditNoteResponses[keyof CreateCreditNoteResponses];

export type GetSellerData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operator/seller';
};

export type GetSellerErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetSellerError = GetSellerErrors[keyof GetSellerErrors];

export type GetSellerResponses = {
    /**
     * Success
     */
    200: Seller;
};

export type GetSellerResponse = GetSellerResponses[keyof GetSellerResponses];

export type PutSellerData = {
    body: Seller;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/operator/seller';
};

export type PutSellerErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PutSellerError = PutSellerErrors[keyof PutSellerErrors];

export type PutSellerResponses = {
    /**
     * Success
     */
    200: Seller;
};

export type PutSellerResponse = PutSellerResponses[keyof PutSellerResponses];

export type GetAccountTaxData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}/tax';
};

export type GetAccountTaxErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetAccountTaxError = GetAccountTaxErrors[keyof GetAccountTaxErrors];

export type GetAccountTaxResponses = {
    /**
     * Success
     */
    200: AccountTax;
};

export type GetAccountTaxResponse = GetAccountTaxResponses[keyof GetAccountTaxResponses];

export type PutAccountTaxData = {
    body: AccountTax;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}/tax';
};

export type PutAccountTaxErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PutAccountTaxError = PutAccountTaxErrors[keyof PutAccountTaxErrors];

export type PutAccountTaxResponses = {
    /**
     * Success
     */
    200: AccountTax;
};

export type PutAccountTaxResponse = PutAccountTaxResponses[keyof PutAccountTaxResponses];

export type GetInterimInvoicingData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}/interim-invoicing';
};

export type GetInterimInvoicingErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetInterimInvoicingError = GetInterimInvoicingErrors[keyof GetInterimInvoicingErrors];

export type GetInterimInvoicingResponses = {
    /**
     * Success
     */
    200: InterimInvoicing;
};

export type GetInterimInvoicingResponse = GetInterimInvoicingResponses[keyof GetInterimInvoicingResponses];

export type PutInterimInvoicingData = {
    body: InterimRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/accounts/{id}/interim-invoicing';
};

export type PutInterimInvoicingErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type PutInterimInvoicingError = PutInterimInvoicingErrors[keyof PutInterimInvoicingErrors];

export type PutInterimInvoicingResponses = {
    /**
     * Success
     */
    200: InterimInvoicing;
};

export type PutInterimInvoicingResponse = PutInterimInvoicingResponses[keyof PutInterimInvoicingResponses];

export type ExportJournalData = {
    body?: never;
    path?: never;
    query?: {
        format?: 'hledger' | 'beancount' | 'csv';
        account_id?: string;
    };
    url: '/v1/operator/journal';
};

export type ExportJournalErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ExportJournalError = ExportJournalErrors[keyof ExportJournalErrors];

export type ExportJournalResponses = {
    /**
     * Success
     */
    200: string;
};

export type ExportJournalResponse = ExportJournalResponses[keyof ExportJournalResponses];

export type GetExposureData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operator/exposure';
};

export type GetExposureErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetExposureError = GetExposureErrors[keyof GetExposureErrors];

export type GetExposureResponses = {
    /**
     * Success
     */
    200: Exposure;
};

export type GetExposureResponse = GetExposureResponses[keyof GetExposureResponses];

export type GetRevenueData = {
    body?: never;
    path?: never;
    query?: {
        until?: Instant;
    };
    url: '/v1/operator/revenue';
};

export type GetRevenueErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetRevenueError = GetRevenueErrors[keyof GetRevenueErrors];

export type GetRevenueResponses = {
    /**
     * Success
     */
    200: {
        data: Array<{
            month: string;
            currency: string;
            recognised: Amount;
            breakage: Amount;
            rounding: Amount;
            bad_debt: Amount;
            deferred: Amount;
            unbilled: Amount;
            receivable: Amount;
        }>;
    };
};

export type GetRevenueResponse = GetRevenueResponses[keyof GetRevenueResponses];

export type GetVerificationData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/operator/verify';
};

export type GetVerificationErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetVerificationError = GetVerificationErrors[keyof GetVerificationErrors];

export type GetVerificationResponses = {
    /**
     * Success
     */
    200: Verification;
};

export type GetVerificationResponse = GetVerificationResponses[keyof GetVerificationResponses];

export type VerifyBooksData = {
    body?: VerificationRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/operator/verify';
};

export type VerifyBooksErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type VerifyBooksError = VerifyBooksErrors[keyof VerifyBooksErrors];

export type VerifyBooksResponses = {
    /**
     * Success
     */
    200: Verification;
};

export type VerifyBooksResponse = VerifyBooksResponses[keyof VerifyBooksResponses];

export type ListUnpaidData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
        status?: 'open' | 'past_due' | 'uncollectible' | 'written_off';
    };
    url: '/v1/operator/unpaid';
};

export type ListUnpaidErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListUnpaidError = ListUnpaidErrors[keyof ListUnpaidErrors];

export type ListUnpaidResponses = {
    /**
     * Success
     */
    200: UnpaidList;
};

export type ListUnpaidResponse = ListUnpaidResponses[keyof ListUnpaidResponses];

export type CollectInvoiceData = {
    body: CollectRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/invoices/{id}/collect';
};

export type CollectInvoiceErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CollectInvoiceError = CollectInvoiceErrors[keyof CollectInvoiceErrors];

export type CollectInvoiceResponses = {
    /**
     * Success
     */
    200: UnpaidInvoice;
};

export type CollectInvoiceResponse = CollectInvoiceResponses[keyof CollectInvoiceResponses];

export type SettleInvoiceData = {
    body: SettleRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/invoices/{id}/payments';
};

export type SettleInvoiceErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type SettleInvoiceError = SettleInvoiceErrors[keyof SettleInvoiceErrors];

export type SettleInvoiceResponses = {
    /**
     * Success
     */
    200: UnpaidInvoice;
};

export type SettleInvoiceResponse = SettleInvoiceResponses[keyof SettleInvoiceResponses];

export type WriteOffInvoiceData = {
    body: WriteOffRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/invoices/{id}/write-off';
};

export type WriteOffInvoiceErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type WriteOffInvoiceError = WriteOffInvoiceErrors[keyof WriteOffInvoiceErrors];

export type WriteOffInvoiceResponses = {
    /**
     * Success
     */
    200: UnpaidInvoice;
};

export type WriteOffInvoiceResponse = WriteOffInvoiceResponses[keyof WriteOffInvoiceResponses];

export type ListOperatorPaymentsData = {
    body?: never;
    path?: never;
    query: {
        limit?: number;
        cursor?: string;
        account_id: string;
    };
    url: '/v1/operator/payments';
};

export type ListOperatorPaymentsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListOperatorPaymentsError = ListOperatorPaymentsErrors[keyof ListOperatorPaymentsErrors];

export type ListOperatorPaymentsResponses = {
    /**
     * Success
     */
    200: OperatorPaymentList;
};

export type ListOperatorPaymentsResponse = ListOperatorPaymentsResponses[keyof ListOperatorPaymentsResponses];

export type ListRefundsData = {
    body?: never;
    path?: never;
    query: {
        limit?: number;
        cursor?: string;
        account_id: string;
    };
    url: '/v1/operator/refunds';
};

export type ListRefundsErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListRefundsError = ListRefundsErrors[keyof ListRefundsErrors];

export type ListRefundsResponses = {
    /**
     * Success
     */
    200: RefundList;
};

export type ListRefundsResponse = ListRefundsResponses[keyof ListRefundsResponses];

export type CreateRefundData = {
    body: RefundRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/operator/refunds';
};

export type CreateRefundErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type CreateRefundError = CreateRefundErrors[keyof CreateRefundErrors];

export type CreateRefundResponses = {
    /**
     * Known already
     */
    200: Refund;
    /**
     * Success
     */
    201: Refund;
};

export type CreateRefundResponse = CreateRefundResponses[keyof CreateRefundResponses];

export type ListDisputesData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
        cursor?: string;
    };
    url: '/v1/operator/disputes';
};

export type ListDisputesErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ListDisputesError = ListDisputesErrors[keyof ListDisputesErrors];

export type ListDisputesResponses = {
    /**
     * Success
     */
    200: DisputeList;
};

export type ListDisputesResponse = ListDisputesResponses[keyof ListDisputesResponses];

export type DecideDisputeData = {
    body: DecideRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/v1/operator/disputes/{id}/decide';
};

export type DecideDisputeErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type DecideDisputeError = DecideDisputeErrors[keyof DecideDisputeErrors];

export type DecideDisputeResponses = {
    /**
     * Success
     */
    200: Dispute;
};

export type DecideDisputeResponse = DecideDisputeResponses[keyof DecideDisputeResponses];

export type AdvanceClockData = {
    body: ClockRequest;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/operator/clock';
};

export type AdvanceClockErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * No valid key or session
     */
    401: Problem;
    /**
     * Known, but not allowed to do this
     */
    403: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type AdvanceClockError = AdvanceClockErrors[keyof AdvanceClockErrors];

export type AdvanceClockResponses = {
    /**
     * Success
     */
    200: ClockAnswer;
};

export type AdvanceClockResponse = AdvanceClockResponses[keyof AdvanceClockResponses];

export type GetBankQuestionData = {
    body?: never;
    path: {
        reference: string;
    };
    query?: never;
    url: '/v1/sandbox/charges/{reference}';
};

export type GetBankQuestionErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetBankQuestionError = GetBankQuestionErrors[keyof GetBankQuestionErrors];

export type GetBankQuestionResponses = {
    /**
     * Success
     */
    200: BankQuestion;
};

export type GetBankQuestionResponse = GetBankQuestionResponses[keyof GetBankQuestionResponses];

export type AnswerBankData = {
    body: BankAnswer;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        reference: string;
    };
    query?: never;
    url: '/v1/sandbox/charges/{reference}';
};

export type AnswerBankErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * Not there, or of another account
     */
    404: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * The body is too large
     */
    413: Problem;
    /**
     * This kind of body is not accepted
     */
    415: Problem;
    /**
     * Fields are not valid; "errors" names them
     */
    422: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type AnswerBankError = AnswerBankErrors[keyof AnswerBankErrors];

export type AnswerBankResponses = {
    /**
     * Success
     */
    200: BankQuestion;
};

export type AnswerBankResponse = AnswerBankResponses[keyof AnswerBankResponses];

export type ReceiveStripeEventData = {
    body?: never;
    headers?: {
        /**
         * The same key with the same body is done once: the second time answers what the first did.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/stripe/events';
};

export type ReceiveStripeEventErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * The present state does not allow it
     */
    409: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type ReceiveStripeEventError = ReceiveStripeEventErrors[keyof ReceiveStripeEventErrors];

export type ReceiveStripeEventResponses = {
    /**
     * Success
     */
    200: EventReceived;
};

export type ReceiveStripeEventResponse = ReceiveStripeEventResponses[keyof ReceiveStripeEventResponses];

export type GetHealthData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/healthz';
};

export type GetHealthErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetHealthError = GetHealthErrors[keyof GetHealthErrors];

export type GetHealthResponses = {
    /**
     * Success
     */
    200: Health;
};

export type GetHealthResponse = GetHealthResponses[keyof GetHealthResponses];

export type GetReadinessData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/readyz';
};

export type GetReadinessErrors = {
    /**
     * The request could not be read
     */
    400: Problem;
    /**
     * Slow down; see Retry-After
     */
    429: Problem;
    /**
     * Not available at this moment
     */
    503: Problem;
};

export type GetReadinessError = GetReadinessErrors[keyof GetReadinessErrors];

export type GetReadinessResponses = {
    /**
     * Success
     */
    200: Readiness;
};

export type GetReadinessResponse = GetReadinessResponses[keyof GetReadinessResponses];
