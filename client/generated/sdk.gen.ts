// Generated from http/openapi.json by `npm run client`. Do not edit.
// @ts-nocheck

import { client } from './client.gen.ts';
import { type Client, formDataBodySerializer, type Options as Options2, type TDataShape, urlSearchParamsBodySerializer } from './client/index.ts';
import type { AcceptInvitationData, AcceptInvitationErrors, AcceptInvitationResponses, AcceptItemData, AcceptItemErrors, AcceptItemResponses, AdvanceClockData, AdvanceClockErrors, AdvanceClockResponses, AnswerBankData, AnswerBankErrors, AnswerBankResponses, BecomeFirstOperatorData, BecomeFirstOperatorErrors, BecomeFirstOperatorResponses, CancelRunData, CancelRunErrors, CancelRunResponses, CancelSubscriptionData, CancelSubscriptionErrors, CancelSubscriptionResponses, ChangeSubscriptionData, ChangeSubscriptionErrors, ChangeSubscriptionResponses, CheckItemData, CheckItemErrors, CheckItemResponses, CollectInvoiceData, CollectInvoiceErrors, CollectInvoiceResponses, ConfirmPaymentData, ConfirmPaymentErrors, ConfirmPaymentResponses, CreateAccountData, CreateAccountErrors, CreateAccountResponses, CreateApiKeyData, CreateApiKeyErrors, CreateApiKeyResponses, CreateAutomationData, CreateAutomationErrors, CreateAutomationResponses, CreateCreditNoteData, CreateCreditNoteErrors, CreateCreditNoteResponses, CreateEndpointData, CreateEndpointErrors, CreateEndpointResponses, CreateHotFolderData, CreateHotFolderErrors, CreateHotFolderResponses, CreateInvitationData, CreateInvitationErrors, CreateInvitationResponses, CreateOperatorAccountData, CreateOperatorAccountErrors, CreateOperatorAccountResponses, CreateOperatorKeyData, CreateOperatorKeyErrors, CreateOperatorKeyResponses, CreateQuoteData, CreateQuoteErrors, CreateQuoteResponses, CreateRefundData, CreateRefundErrors, CreateRefundResponses, CreateRehearsalData, CreateRehearsalErrors, CreateRehearsalResponses, CreateRunData, CreateRunErrors, CreateRunResponses, DecideDisputeData, DecideDisputeErrors, DecideDisputeResponses, DeleteAutomationData, DeleteAutomationErrors, DeleteAutomationResponses, DeletePaymentMethodData, DeletePaymentMethodErrors, DeletePaymentMethodResponses, DiscardItemData, DiscardItemErrors, DiscardItemResponses, DownloadInvoicesData, DownloadInvoicesErrors, DownloadInvoicesResponses, DownloadResultsData, DownloadResultsErrors, DownloadResultsResponses, ExportEntriesData, ExportEntriesErrors, ExportEntriesResponses, ExportInvoicesData, ExportInvoicesErrors, ExportInvoicesResponses, ExportJournalData, ExportJournalErrors, ExportJournalResponses, ExportUsageData, ExportUsageErrors, ExportUsageResponses, FindImagesData, FindImagesErrors, FindImagesResponses, GetAccountData, GetAccountErrors, GetAccountResponses, GetAccountTaxData, GetAccountTaxErrors, GetAccountTaxResponses, GetAdviceData, GetAdviceErrors, GetAdviceResponses, GetAlertsData, GetAlertsErrors, GetAlertsResponses, GetAutomationData, GetAutomationErrors, GetAutomationResponses, GetBankQuestionData, GetBankQuestionErrors, GetBankQuestionResponses, GetBillingData, GetBillingDetailsData, GetBillingDetailsErrors, GetBillingDetailsResponses, GetBillingErrors, GetBillingResponses, GetCreditNoteData, GetCreditNoteErrors, GetCreditNoteFacturXData, GetCreditNoteFacturXErrors, GetCreditNoteFacturXResponses, GetCreditNotePdfData, GetCreditNotePdfErrors, GetCreditNotePdfResponses, GetCreditNoteResponses, GetCreditNoteUblData, GetCreditNoteUblErrors, GetCreditNoteUblResponses, GetDeliveryData, GetDeliveryErrors, GetDeliveryResponses, GetEndpointData, GetEndpointErrors, GetEndpointResponses, GetExposureData, GetExposureErrors, GetExposureResponses, GetHealthData, GetHealthErrors, GetHealthResponses, GetHotFolderData, GetHotFolderErrors, GetHotFolderResponses, GetImageFileData, GetImageFileErrors, GetImageFileResponses, GetInterimInvoicingData, GetInterimInvoicingErrors, GetInterimInvoicingResponses, GetInvoiceData, GetInvoiceErrors, GetInvoiceFacturXData, GetInvoiceFacturXErrors, GetInvoiceFacturXResponses, GetInvoicePdfData, GetInvoicePdfErrors, GetInvoicePdfResponses, GetInvoiceProofData, GetInvoiceProofErrors, GetInvoiceProofResponses, GetInvoiceResponses, GetInvoiceUblData, GetInvoiceUblErrors, GetInvoiceUblResponses, GetItemData, GetItemErrors, GetItemFileData, GetItemFileErrors, GetItemFileResponses, GetItemPreviewData, GetItemPreviewErrors, GetItemPreviewResponses, GetItemResponses, GetMailData, GetMailErrors, GetMailPreferencesData, GetMailPreferencesErrors, GetMailPreferencesResponses, GetMailResponses, GetMailTemplateData, GetMailTemplateErrors, GetMailTemplateResponses, GetMeData, GetMeErrors, GetMeResponses, GetOperatorAccountData, GetOperatorAccountErrors, GetOperatorAccountResponses, GetPauseData, GetPauseErrors, GetPauseResponses, GetPaymentData, GetPaymentErrors, GetPaymentResponses, GetReadinessData, GetReadinessErrors, GetReadinessResponses, GetReceiptData, GetReceiptErrors, GetReceiptPdfData, GetReceiptPdfErrors, GetReceiptPdfResponses, GetReceiptResponses, GetRehearsalData, GetRehearsalErrors, GetRehearsalResponses, GetRevenueData, GetRevenueErrors, GetRevenueResponses, GetRunData, GetRunErrors, GetRunResponses, GetSellerData, GetSellerErrors, GetSellerResponses, GetUpcomingInvoiceData, GetUpcomingInvoiceErrors, GetUpcomingInvoiceResponses, GetVerificationData, GetVerificationErrors, GetVerificationResponses, GrantCreditsData, GrantCreditsErrors, GrantCreditsResponses, ListAccountsData, ListAccountsErrors, ListAccountsResponses, ListApiKeysData, ListApiKeysErrors, ListApiKeysResponses, ListAutomationsData, ListAutomationsErrors, ListAutomationsResponses, ListCreditNotesData, ListCreditNotesErrors, ListCreditNotesResponses, ListDeliveriesData, ListDeliveriesErrors, ListDeliveriesResponses, ListDisputesData, ListDisputesErrors, ListDisputesResponses, ListEndpointsData, ListEndpointsErrors, ListEndpointsResponses, ListEntriesData, ListEntriesErrors, ListEntriesResponses, ListEventTypesData, ListEventTypesErrors, ListEventTypesResponses, ListGrantsData, ListGrantsErrors, ListGrantsResponses, ListHotFilesData, ListHotFilesErrors, ListHotFilesResponses, ListHotFoldersData, ListHotFoldersErrors, ListHotFoldersResponses, ListImagesData, ListImagesErrors, ListImagesResponses, ListInvitationsData, ListInvitationsErrors, ListInvitationsResponses, ListInvoicesData, ListInvoicesErrors, ListInvoicesResponses, ListItemsData, ListItemsErrors, ListItemsResponses, ListMailsData, ListMailsErrors, ListMailsResponses, ListMailTemplatesData, ListMailTemplatesErrors, ListMailTemplatesResponses, ListMembersData, ListMembersErrors, ListMembersResponses, ListOperationsData, ListOperationsErrors, ListOperationsResponses, ListOperatorGrantsData, ListOperatorGrantsErrors, ListOperatorGrantsResponses, ListOperatorPaymentsData, ListOperatorPaymentsErrors, ListOperatorPaymentsResponses, ListOperatorPlansData, ListOperatorPlansErrors, ListOperatorPlansResponses, ListOperatorUsageData, ListOperatorUsageErrors, ListOperatorUsageResponses, ListPaymentsData, ListPaymentsErrors, ListPaymentsResponses, ListPlansData, ListPlansErrors, ListPlansResponses, ListPresetsData, ListPresetsErrors, ListPresetsResponses, ListRefundsData, ListRefundsErrors, ListRefundsResponses, ListRehearsalsData, ListRehearsalsErrors, ListRehearsalsResponses, ListRehearsedAccountsData, ListRehearsedAccountsErrors, ListRehearsedAccountsResponses, ListRunsData, ListRunsErrors, ListRunsResponses, ListUnpaidData, ListUnpaidErrors, ListUnpaidResponses, ListUsageData, ListUsageErrors, ListUsageResponses, OpenCardFormData, OpenCardFormErrors, OpenCardFormResponses, PayInvoiceData, PayInvoiceErrors, PayInvoiceResponses, PlanMixData, PlanMixErrors, PlanMixResponses, PreviewAutomationData, PreviewAutomationErrors, PreviewAutomationResponses, PreviewSubscriptionData, PreviewSubscriptionErrors, PreviewSubscriptionResponses, PublishPlanData, PublishPlanErrors, PublishPlanResponses, PublishPlanVersionData, PublishPlanVersionErrors, PublishPlanVersionResponses, PutAccountTaxData, PutAccountTaxErrors, PutAccountTaxResponses, PutAlertsData, PutAlertsErrors, PutAlertsResponses, PutBillingDetailsData, PutBillingDetailsErrors, PutBillingDetailsResponses, PutInterimInvoicingData, PutInterimInvoicingErrors, PutInterimInvoicingResponses, PutMailPreferencesData, PutMailPreferencesErrors, PutMailPreferencesResponses, PutPauseData, PutPauseErrors, PutPauseResponses, PutPaymentMethodData, PutPaymentMethodErrors, PutPaymentMethodResponses, PutSellerData, PutSellerErrors, PutSellerResponses, QuoteRedoData, QuoteRedoErrors, QuoteRedoResponses, ReceiveStripeEventData, ReceiveStripeEventErrors, ReceiveStripeEventResponses, RecordUsageData, RecordUsageErrors, RecordUsageResponses, RedoItemData, RedoItemErrors, RedoItemResponses, RemoveEndpointData, RemoveEndpointErrors, RemoveEndpointResponses, RemoveHotFolderData, RemoveHotFolderErrors, RemoveHotFolderResponses, RemoveImageData, RemoveImageErrors, RemoveImageResponses, RemoveMemberData, RemoveMemberErrors, RemoveMemberResponses, ReplayDeliveryData, ReplayDeliveryErrors, ReplayDeliveryResponses, ReplayEventsData, ReplayEventsErrors, ReplayEventsResponses, ResumeSubscriptionData, ResumeSubscriptionErrors, ResumeSubscriptionResponses, RetryMailData, RetryMailErrors, RetryMailResponses, RetryRunData, RetryRunErrors, RetryRunResponses, RevokeApiKeyData, RevokeApiKeyErrors, RevokeApiKeyResponses, RotateEndpointSecretData, RotateEndpointSecretErrors, RotateEndpointSecretResponses, SendPasswordLinkData, SendPasswordLinkErrors, SendPasswordLinkResponses, SetPasswordData, SetPasswordErrors, SetPasswordResponses, SettleInvoiceData, SettleInvoiceErrors, SettleInvoiceResponses, SignInData, SignInErrors, SignInResponses, SignOutData, SignOutErrors, SignOutResponses, SignUpData, SignUpErrors, SignUpResponses, StreamRunData, StreamRunErrors, StreamRunResponse, StreamRunResponses, SummarizeUsageData, SummarizeUsageErrors, SummarizeUsageResponses, TestEndpointData, TestEndpointErrors, TestEndpointResponses, UnsubscribeData, UnsubscribeErrors, UnsubscribeResponses, UpdateAutomationData, UpdateAutomationErrors, UpdateAutomationResponses, UpdateEndpointData, UpdateEndpointErrors, UpdateEndpointResponses, UpdateHotFolderData, UpdateHotFolderErrors, UpdateHotFolderResponses, UpdateMemberData, UpdateMemberErrors, UpdateMemberResponses, UpdateOperatorPlanData, UpdateOperatorPlanErrors, UpdateOperatorPlanResponses, UploadArchiveData, UploadArchiveErrors, UploadArchiveResponses, UploadImagesData, UploadImagesErrors, UploadImagesResponses, VerifyBooksData, VerifyBooksErrors, VerifyBooksResponses, VoidGrantData, VoidGrantErrors, VoidGrantResponses, WriteOffInvoiceData, WriteOffInvoiceErrors, WriteOffInvoiceResponses } from './types.gen.ts';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: Record<string, unknown>;
};

class HeyApiClient {
    protected client: Client;
    
    constructor(args?: {
        client?: Client;
    }) {
        this.client = args?.client ?? client;
    }
}

class HeyApiRegistry<T> {
    private readonly defaultKey = 'default';
    
    private readonly instances: Map<string, T> = new Map();
    
    get(key?: string): T {
        const instance = this.instances.get(key ?? this.defaultKey);
        if (!instance) {
            throw new Error(`No SDK client found. Create one with "new GeneratedClient()" to fix this error.`);
        }
        return instance;
    }
    
    set(value: T, key?: string): void {
        this.instances.set(key ?? this.defaultKey, value);
    }
}

export class GeneratedClient extends HeyApiClient {
    public static readonly __registry = new HeyApiRegistry<GeneratedClient>();
    
    constructor(args?: {
        client?: Client;
        key?: string;
    }) {
        super(args);
        GeneratedClient.__registry.set(this, args?.key);
    }
    
    /**
     * Plans on offer, and what their credits buy
     */
    public listPlans<ThrowOnError extends boolean = true>(options?: Options<ListPlansData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListPlansResponses, ListPlansErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/plans',
            ...options
        });
    }
    
    /**
     * Plan, period, balance, overage and what the balance buys
     */
    public getBilling<ThrowOnError extends boolean = true>(options?: Options<GetBillingData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetBillingResponses, GetBillingErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/billing',
            ...options
        });
    }
    
    /**
     * What a mix of operations costs and what is left for the others
     */
    public planMix<ThrowOnError extends boolean = true>(options: Options<PlanMixData, ThrowOnError>) {
        return (options.client ?? this.client).post<PlanMixResponses, PlanMixErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/mix',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * What the last terms would have cost on every plan on offer
     */
    public getAdvice<ThrowOnError extends boolean = true>(options?: Options<GetAdviceData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetAdviceResponses, GetAdviceErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/advice',
            ...options
        });
    }
    
    /**
     * Start or change the plan
     */
    public changeSubscription<ThrowOnError extends boolean = true>(options: Options<ChangeSubscriptionData, ThrowOnError>) {
        return (options.client ?? this.client).post<ChangeSubscriptionResponses, ChangeSubscriptionErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/subscription',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * What starting or changing the plan would charge and when it takes effect
     */
    public previewSubscription<ThrowOnError extends boolean = true>(options: Options<PreviewSubscriptionData, ThrowOnError>) {
        return (options.client ?? this.client).post<PreviewSubscriptionResponses, PreviewSubscriptionErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/subscription/preview',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Cancel at the boundary, or now
     */
    public cancelSubscription<ThrowOnError extends boolean = true>(options?: Options<CancelSubscriptionData, ThrowOnError>) {
        return (options?.client ?? this.client).post<CancelSubscriptionResponses, CancelSubscriptionErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/subscription/cancel',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * Take back a pending change or cancellation
     */
    public resumeSubscription<ThrowOnError extends boolean = true>(options?: Options<ResumeSubscriptionData, ThrowOnError>) {
        return (options?.client ?? this.client).post<ResumeSubscriptionResponses, ResumeSubscriptionErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/subscription/resume',
            ...options
        });
    }
    
    /**
     * Remove the payment method
     */
    public deletePaymentMethod<ThrowOnError extends boolean = true>(options?: Options<DeletePaymentMethodData, ThrowOnError>) {
        return (options?.client ?? this.client).delete<DeletePaymentMethodResponses, DeletePaymentMethodErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/payment-method',
            ...options
        });
    }
    
    /**
     * Set the payment method by the token that the payment provider gave
     */
    public putPaymentMethod<ThrowOnError extends boolean = true>(options: Options<PutPaymentMethodData, ThrowOnError>) {
        return (options.client ?? this.client).put<PutPaymentMethodResponses, PutPaymentMethodErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/payment-method',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Open the payment provider’s own form for a card
     */
    public openCardForm<ThrowOnError extends boolean = true>(options?: Options<OpenCardFormData, ThrowOnError>) {
        return (options?.client ?? this.client).post<OpenCardFormResponses, OpenCardFormErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/payment-method/setup',
            ...options
        });
    }
    
    /**
     * Credit grants in the order they are drawn
     */
    public listGrants<ThrowOnError extends boolean = true>(options?: Options<ListGrantsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListGrantsResponses, ListGrantsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/grants',
            ...options
        });
    }
    
    /**
     * The journal, newest first
     */
    public listEntries<ThrowOnError extends boolean = true>(options?: Options<ListEntriesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListEntriesResponses, ListEntriesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/entries',
            ...options
        });
    }
    
    /**
     * The journal as CSV, oldest first, streamed
     */
    public exportEntries<ThrowOnError extends boolean = true>(options?: Options<ExportEntriesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ExportEntriesResponses, ExportEntriesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/entries.csv',
            ...options
        });
    }
    
    /**
     * What to be told of, and what was told in this period
     */
    public getAlerts<ThrowOnError extends boolean = true>(options?: Options<GetAlertsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetAlertsResponses, GetAlertsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/alerts',
            ...options
        });
    }
    
    /**
     * Set what to be told of: a percentage of the credits, an amount of overage, a forecast
     */
    public putAlerts<ThrowOnError extends boolean = true>(options: Options<PutAlertsData, ThrowOnError>) {
        return (options.client ?? this.client).put<PutAlertsResponses, PutAlertsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/alerts',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * The overage at which automations pause, if the customer has set one
     */
    public getPause<ThrowOnError extends boolean = true>(options?: Options<GetPauseData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetPauseResponses, GetPauseErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/pause',
            ...options
        });
    }
    
    /**
     * Pause automations at an amount of overage, or never (null)
     */
    public putPause<ThrowOnError extends boolean = true>(options: Options<PutPauseData, ThrowOnError>) {
        return (options.client ?? this.client).put<PutPauseResponses, PutPauseErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/pause',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Usage records, newest first
     */
    public listUsage<ThrowOnError extends boolean = true>(options?: Options<ListUsageData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListUsageResponses, ListUsageErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/usage',
            ...options
        });
    }
    
    /**
     * Record usage of an operation: one record, an array that is booked all or nothing, or lines of JSON that each stand alone; also as CloudEvents
     */
    public recordUsage<ThrowOnError extends boolean = true>(options: Options<RecordUsageData, ThrowOnError>) {
        return (options.client ?? this.client).post<RecordUsageResponses, RecordUsageErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/usage',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Usage records as CSV, oldest first, streamed
     */
    public exportUsage<ThrowOnError extends boolean = true>(options?: Options<ExportUsageData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ExportUsageResponses, ExportUsageErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/usage.csv',
            ...options
        });
    }
    
    /**
     * Totals of the current period by day and operation
     */
    public summarizeUsage<ThrowOnError extends boolean = true>(options?: Options<SummarizeUsageData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SummarizeUsageResponses, SummarizeUsageErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/usage/summary',
            ...options
        });
    }
    
    /**
     * Image operations with the schema of their settings
     */
    public listOperations<ThrowOnError extends boolean = true>(options?: Options<ListOperationsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListOperationsResponses, ListOperationsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operations',
            ...options
        });
    }
    
    /**
     * What marketplaces ask of a picture, with sources and the steps that make one
     */
    public listPresets<ThrowOnError extends boolean = true>(options?: Options<ListPresetsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListPresetsResponses, ListPresetsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/presets',
            ...options
        });
    }
    
    /**
     * Automations, newest first
     */
    public listAutomations<ThrowOnError extends boolean = true>(options?: Options<ListAutomationsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListAutomationsResponses, ListAutomationsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/automations',
            ...options
        });
    }
    
    /**
     * Save a list of operation steps
     */
    public createAutomation<ThrowOnError extends boolean = true>(options: Options<CreateAutomationData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateAutomationResponses, CreateAutomationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/automations',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Remove an automation; its runs stay
     */
    public deleteAutomation<ThrowOnError extends boolean = true>(options: Options<DeleteAutomationData, ThrowOnError>) {
        return (options.client ?? this.client).delete<DeleteAutomationResponses, DeleteAutomationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/automations/{id}',
            ...options
        });
    }
    
    /**
     * One automation
     */
    public getAutomation<ThrowOnError extends boolean = true>(options: Options<GetAutomationData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetAutomationResponses, GetAutomationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/automations/{id}',
            ...options
        });
    }
    
    /**
     * Change name or steps; runs under way keep theirs
     */
    public updateAutomation<ThrowOnError extends boolean = true>(options: Options<UpdateAutomationData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UpdateAutomationResponses, UpdateAutomationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/automations/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * What steps make of one photo, at screen size and marked; free, and kept nowhere
     */
    public previewAutomation<ThrowOnError extends boolean = true>(options: Options<PreviewAutomationData, ThrowOnError>) {
        return (options.client ?? this.client).post<PreviewAutomationResponses, PreviewAutomationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/automations/preview',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Folders whose files are run by themselves, newest first
     */
    public listHotFolders<ThrowOnError extends boolean = true>(options?: Options<ListHotFoldersData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListHotFoldersResponses, ListHotFoldersErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/hot-folders',
            ...options
        });
    }
    
    /**
     * Connect an automation to a folder: what comes is run, at once or by a schedule
     */
    public createHotFolder<ThrowOnError extends boolean = true>(options: Options<CreateHotFolderData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateHotFolderResponses, CreateHotFolderErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/hot-folders',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Disconnect it; files, results and runs stay
     */
    public removeHotFolder<ThrowOnError extends boolean = true>(options: Options<RemoveHotFolderData, ThrowOnError>) {
        return (options.client ?? this.client).delete<RemoveHotFolderResponses, RemoveHotFolderErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/hot-folders/{id}',
            ...options
        });
    }
    
    /**
     * One hot folder
     */
    public getHotFolder<ThrowOnError extends boolean = true>(options: Options<GetHotFolderData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetHotFolderResponses, GetHotFolderErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/hot-folders/{id}',
            ...options
        });
    }
    
    /**
     * Change automation or schedule, pause it or let it go on
     */
    public updateHotFolder<ThrowOnError extends boolean = true>(options: Options<UpdateHotFolderData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UpdateHotFolderResponses, UpdateHotFolderErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/hot-folders/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * What came into it, newest first, and what became of each file
     */
    public listHotFiles<ThrowOnError extends boolean = true>(options: Options<ListHotFilesData, ThrowOnError>) {
        return (options.client ?? this.client).get<ListHotFilesResponses, ListHotFilesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/hot-folders/{id}/files',
            ...options
        });
    }
    
    /**
     * Uploaded images, newest first
     */
    public listImages<ThrowOnError extends boolean = true>(options?: Options<ListImagesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListImagesResponses, ListImagesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/images',
            ...options
        });
    }
    
    /**
     * Upload one or many files, or have one fetched by its address; a file already there answers at once
     */
    public uploadImages<ThrowOnError extends boolean = true>(options: Options<UploadImagesData, ThrowOnError>) {
        return (options.client ?? this.client).post<UploadImagesResponses, UploadImagesErrors, ThrowOnError, 'data'>({
            ...formDataBodySerializer,
            responseStyle: 'data',
            url: '/v1/images',
            ...options,
            headers: {
                'Content-Type': null,
                ...options.headers
            }
        });
    }
    
    /**
     * Upload a ZIP archive of photos; answered with a line of JSON for each file as it is taken in
     */
    public uploadArchive<ThrowOnError extends boolean = true>(options: Options<UploadArchiveData, ThrowOnError>) {
        return (options.client ?? this.client).post<UploadArchiveResponses, UploadArchiveErrors, ThrowOnError, 'data'>({
            bodySerializer: null,
            responseStyle: 'data',
            url: '/v1/images/archive',
            ...options,
            headers: {
                'Content-Type': 'application/zip',
                ...options.headers
            }
        });
    }
    
    /**
     * Which of these contents are here already, by their SHA-256
     */
    public findImages<ThrowOnError extends boolean = true>(options: Options<FindImagesData, ThrowOnError>) {
        return (options.client ?? this.client).post<FindImagesResponses, FindImagesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/images/known',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * The image at screen size, re-encoded and stripped
     */
    public getImageFile<ThrowOnError extends boolean = true>(options: Options<GetImageFileData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetImageFileResponses, GetImageFileErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/images/{id}/file',
            ...options
        });
    }
    
    /**
     * Remove a photo and everything that was made of it, for good; what was paid stays
     */
    public removeImage<ThrowOnError extends boolean = true>(options: Options<RemoveImageData, ThrowOnError>) {
        return (options.client ?? this.client).delete<RemoveImageResponses, RemoveImageErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/images/{id}',
            ...options
        });
    }
    
    /**
     * What a run would cost at most; binds the unit prices
     */
    public createQuote<ThrowOnError extends boolean = true>(options: Options<CreateQuoteData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateQuoteResponses, CreateQuoteErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/quotes',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Runs, newest first
     */
    public listRuns<ThrowOnError extends boolean = true>(options?: Options<ListRunsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListRunsResponses, ListRunsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/runs',
            ...options
        });
    }
    
    /**
     * Run an automation over images
     */
    public createRun<ThrowOnError extends boolean = true>(options: Options<CreateRunData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateRunResponses, CreateRunErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/runs',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Progress of a run
     */
    public getRun<ThrowOnError extends boolean = true>(options: Options<GetRunData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetRunResponses, GetRunErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/runs/{id}',
            ...options
        });
    }
    
    /**
     * Server-sent events: items as they end, progress, balance
     */
    public streamRun<ThrowOnError extends boolean = true>(options: Options<StreamRunData, ThrowOnError, StreamRunResponse>) {
        return (options.client ?? this.client).sse.get<StreamRunResponses, StreamRunErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/runs/{id}/events',
            ...options
        });
    }
    
    /**
     * Items of a run in order
     */
    public listItems<ThrowOnError extends boolean = true>(options: Options<ListItemsData, ThrowOnError>) {
        return (options.client ?? this.client).get<ListItemsResponses, ListItemsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/runs/{id}/items',
            ...options
        });
    }
    
    /**
     * What a run cost, down to image and step
     */
    public getReceipt<ThrowOnError extends boolean = true>(options: Options<GetReceiptData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetReceiptResponses, GetReceiptErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/runs/{id}/receipt',
            ...options
        });
    }
    
    /**
     * What a run cost, as PDF/A
     */
    public getReceiptPdf<ThrowOnError extends boolean = true>(options: Options<GetReceiptPdfData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetReceiptPdfResponses, GetReceiptPdfErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/runs/{id}/receipt.pdf',
            ...options
        });
    }
    
    /**
     * All results as one ZIP, streamed
     */
    public downloadResults<ThrowOnError extends boolean = true>(options: Options<DownloadResultsData, ThrowOnError>) {
        return (options.client ?? this.client).get<DownloadResultsResponses, DownloadResultsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/runs/{id}/results.zip',
            ...options
        });
    }
    
    /**
     * Cancel the unfinished items; they cost nothing
     */
    public cancelRun<ThrowOnError extends boolean = true>(options: Options<CancelRunData, ThrowOnError>) {
        return (options.client ?? this.client).post<CancelRunResponses, CancelRunErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/runs/{id}/cancel',
            ...options
        });
    }
    
    /**
     * Try the failed items again
     */
    public retryRun<ThrowOnError extends boolean = true>(options: Options<RetryRunData, ThrowOnError>) {
        return (options.client ?? this.client).post<RetryRunResponses, RetryRunErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/runs/{id}/retry',
            ...options
        });
    }
    
    /**
     * One item
     */
    public getItem<ThrowOnError extends boolean = true>(options: Options<GetItemData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetItemResponses, GetItemErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/items/{id}',
            ...options
        });
    }
    
    /**
     * Which rules of which marketplace the result meets or misses
     */
    public checkItem<ThrowOnError extends boolean = true>(options: Options<CheckItemData, ThrowOnError>) {
        return (options.client ?? this.client).get<CheckItemResponses, CheckItemErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/items/{id}/compliance',
            ...options
        });
    }
    
    /**
     * Accept a held item: pay for it and have its result
     */
    public acceptItem<ThrowOnError extends boolean = true>(options: Options<AcceptItemData, ThrowOnError>) {
        return (options.client ?? this.client).post<AcceptItemResponses, AcceptItemErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/items/{id}/accept',
            ...options
        });
    }
    
    /**
     * Discard a held item; it costs nothing
     */
    public discardItem<ThrowOnError extends boolean = true>(options: Options<DiscardItemData, ThrowOnError>) {
        return (options.client ?? this.client).post<DiscardItemResponses, DiscardItemErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/items/{id}/discard',
            ...options
        });
    }
    
    /**
     * What doing an item again with another crop would cost at most
     */
    public quoteRedo<ThrowOnError extends boolean = true>(options: Options<QuoteRedoData, ThrowOnError>) {
        return (options.client ?? this.client).post<QuoteRedoResponses, QuoteRedoErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/items/{id}/redo/quote',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Do an item again, cut where a person says, as a run of its own; the crop is remembered for the photo
     */
    public redoItem<ThrowOnError extends boolean = true>(options: Options<RedoItemData, ThrowOnError>) {
        return (options.client ?? this.client).post<RedoItemResponses, RedoItemErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/items/{id}/redo',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * The result of one item
     */
    public getItemFile<ThrowOnError extends boolean = true>(options: Options<GetItemFileData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetItemFileResponses, GetItemFileErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/items/{id}/file',
            ...options
        });
    }
    
    /**
     * The result of one item at screen size
     */
    public getItemPreview<ThrowOnError extends boolean = true>(options: Options<GetItemPreviewData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetItemPreviewResponses, GetItemPreviewErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/items/{id}/preview',
            ...options
        });
    }
    
    /**
     * Invoices, newest first
     */
    public listInvoices<ThrowOnError extends boolean = true>(options?: Options<ListInvoicesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListInvoicesResponses, ListInvoicesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invoices',
            ...options
        });
    }
    
    /**
     * Final invoices as CSV, newest first, streamed
     */
    public exportInvoices<ThrowOnError extends boolean = true>(options?: Options<ExportInvoicesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ExportInvoicesResponses, ExportInvoicesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invoices.csv',
            ...options
        });
    }
    
    /**
     * The PDFs of all final invoices as one ZIP, streamed
     */
    public downloadInvoices<ThrowOnError extends boolean = true>(options?: Options<DownloadInvoicesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<DownloadInvoicesResponses, DownloadInvoicesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invoices.zip',
            ...options
        });
    }
    
    /**
     * The invoice that the next boundary would make now
     */
    public getUpcomingInvoice<ThrowOnError extends boolean = true>(options?: Options<GetUpcomingInvoiceData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetUpcomingInvoiceResponses, GetUpcomingInvoiceErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invoices/upcoming',
            ...options
        });
    }
    
    /**
     * One invoice with lines and payments
     */
    public getInvoice<ThrowOnError extends boolean = true>(options: Options<GetInvoiceData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetInvoiceResponses, GetInvoiceErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invoices/{id}',
            ...options
        });
    }
    
    /**
     * All that a finalized invoice can be proven with, on a machine of your own: drawdown invoice verify
     */
    public getInvoiceProof<ThrowOnError extends boolean = true>(options: Options<GetInvoiceProofData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetInvoiceProofResponses, GetInvoiceProofErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invoices/{id}/proof',
            ...options
        });
    }
    
    /**
     * A final invoice as PDF/A, in the language of the account
     */
    public getInvoicePdf<ThrowOnError extends boolean = true>(options: Options<GetInvoicePdfData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetInvoicePdfResponses, GetInvoicePdfErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invoices/{id}.pdf',
            ...options
        });
    }
    
    /**
     * A final invoice as UBL, by EN 16931
     */
    public getInvoiceUbl<ThrowOnError extends boolean = true>(options: Options<GetInvoiceUblData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetInvoiceUblResponses, GetInvoiceUblErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invoices/{id}/ubl.xml',
            ...options
        });
    }
    
    /**
     * A final invoice as Factur-X (ZUGFeRD): PDF/A with the e-invoice in it, by EN 16931
     */
    public getInvoiceFacturX<ThrowOnError extends boolean = true>(options: Options<GetInvoiceFacturXData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetInvoiceFacturXResponses, GetInvoiceFacturXErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invoices/{id}/factur-x.pdf',
            ...options
        });
    }
    
    /**
     * Try to collect an open invoice now
     */
    public payInvoice<ThrowOnError extends boolean = true>(options: Options<PayInvoiceData, ThrowOnError>) {
        return (options.client ?? this.client).post<PayInvoiceResponses, PayInvoiceErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invoices/{id}/pay',
            ...options
        });
    }
    
    /**
     * Payments, newest first; with status=action_required, those that wait for their payer
     */
    public listPayments<ThrowOnError extends boolean = true>(options?: Options<ListPaymentsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListPaymentsResponses, ListPaymentsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/payments',
            ...options
        });
    }
    
    /**
     * One payment, asked for at the provider where it has no outcome yet
     */
    public getPayment<ThrowOnError extends boolean = true>(options: Options<GetPaymentData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetPaymentResponses, GetPaymentErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/payments/{id}',
            ...options
        });
    }
    
    /**
     * Open the page on which the payer confirms a payment that their bank asks about
     */
    public confirmPayment<ThrowOnError extends boolean = true>(options: Options<ConfirmPaymentData, ThrowOnError>) {
        return (options.client ?? this.client).post<ConfirmPaymentResponses, ConfirmPaymentErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/payments/{id}/confirm',
            ...options
        });
    }
    
    /**
     * Credit notes, newest first
     */
    public listCreditNotes<ThrowOnError extends boolean = true>(options?: Options<ListCreditNotesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListCreditNotesResponses, ListCreditNotesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/credit-notes',
            ...options
        });
    }
    
    /**
     * One credit note with the usage that it took back
     */
    public getCreditNote<ThrowOnError extends boolean = true>(options: Options<GetCreditNoteData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetCreditNoteResponses, GetCreditNoteErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/credit-notes/{id}',
            ...options
        });
    }
    
    /**
     * One credit note as PDF/A
     */
    public getCreditNotePdf<ThrowOnError extends boolean = true>(options: Options<GetCreditNotePdfData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetCreditNotePdfResponses, GetCreditNotePdfErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/credit-notes/{id}.pdf',
            ...options
        });
    }
    
    /**
     * One credit note as UBL, by EN 16931
     */
    public getCreditNoteUbl<ThrowOnError extends boolean = true>(options: Options<GetCreditNoteUblData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetCreditNoteUblResponses, GetCreditNoteUblErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/credit-notes/{id}/ubl.xml',
            ...options
        });
    }
    
    /**
     * One credit note as Factur-X (ZUGFeRD), by EN 16931
     */
    public getCreditNoteFacturX<ThrowOnError extends boolean = true>(options: Options<GetCreditNoteFacturXData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetCreditNoteFacturXResponses, GetCreditNoteFacturXErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/credit-notes/{id}/factur-x.pdf',
            ...options
        });
    }
    
    /**
     * Name, address, tax id and language of the account, as its invoices have them
     */
    public getBillingDetails<ThrowOnError extends boolean = true>(options?: Options<GetBillingDetailsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetBillingDetailsResponses, GetBillingDetailsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/billing-details',
            ...options
        });
    }
    
    /**
     * Set what invoices say of the account, from the next one on
     */
    public putBillingDetails<ThrowOnError extends boolean = true>(options: Options<PutBillingDetailsData, ThrowOnError>) {
        return (options.client ?? this.client).put<PutBillingDetailsResponses, PutBillingDetailsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/billing-details',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Become a user, signed in by a cookie
     */
    public signUp<ThrowOnError extends boolean = true>(options: Options<SignUpData, ThrowOnError>) {
        return (options.client ?? this.client).post<SignUpResponses, SignUpErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/sign-up/email',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Sign in by a cookie
     */
    public signIn<ThrowOnError extends boolean = true>(options: Options<SignInData, ThrowOnError>) {
        return (options.client ?? this.client).post<SignInResponses, SignInErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/sign-in/email',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * End the session of the cookie
     */
    public signOut<ThrowOnError extends boolean = true>(options?: Options<SignOutData, ThrowOnError>) {
        return (options?.client ?? this.client).post<SignOutResponses, SignOutErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/sign-out',
            ...options
        });
    }
    
    /**
     * Have a link mailed that sets a new password; answers the same whether anybody is known by the address
     */
    public sendPasswordLink<ThrowOnError extends boolean = true>(options: Options<SendPasswordLinkData, ThrowOnError>) {
        return (options.client ?? this.client).post<SendPasswordLinkResponses, SendPasswordLinkErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/forgot-password',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Set a new password by the link in a mail; every session of the user ends
     */
    public setPassword<ThrowOnError extends boolean = true>(options: Options<SetPasswordData, ThrowOnError>) {
        return (options.client ?? this.client).post<SetPasswordResponses, SetPasswordErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/new-password',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Become the first operator, by the link that the server printed
     */
    public becomeFirstOperator<ThrowOnError extends boolean = true>(options: Options<BecomeFirstOperatorData, ThrowOnError>) {
        return (options.client ?? this.client).post<BecomeFirstOperatorResponses, BecomeFirstOperatorErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/first-operator',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Who is signed in, and to which accounts
     */
    public getMe<ThrowOnError extends boolean = true>(options?: Options<GetMeData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetMeResponses, GetMeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/me',
            ...options
        });
    }
    
    /**
     * Create an account, with the caller as its owner
     */
    public createAccount<ThrowOnError extends boolean = true>(options: Options<CreateAccountData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateAccountResponses, CreateAccountErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/accounts',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * This account
     */
    public getAccount<ThrowOnError extends boolean = true>(options?: Options<GetAccountData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetAccountResponses, GetAccountErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/account',
            ...options
        });
    }
    
    /**
     * Members and their roles
     */
    public listMembers<ThrowOnError extends boolean = true>(options?: Options<ListMembersData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListMembersResponses, ListMembersErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/members',
            ...options
        });
    }
    
    /**
     * Remove a member; the last owner stays
     */
    public removeMember<ThrowOnError extends boolean = true>(options: Options<RemoveMemberData, ThrowOnError>) {
        return (options.client ?? this.client).delete<RemoveMemberResponses, RemoveMemberErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/members/{user_id}',
            ...options
        });
    }
    
    /**
     * Change the role of a member
     */
    public updateMember<ThrowOnError extends boolean = true>(options: Options<UpdateMemberData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UpdateMemberResponses, UpdateMemberErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/members/{user_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Invitations not yet accepted
     */
    public listInvitations<ThrowOnError extends boolean = true>(options?: Options<ListInvitationsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListInvitationsResponses, ListInvitationsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invitations',
            ...options
        });
    }
    
    /**
     * Invite somebody; answers the link once
     */
    public createInvitation<ThrowOnError extends boolean = true>(options: Options<CreateInvitationData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateInvitationResponses, CreateInvitationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invitations',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Join the account of an invitation
     */
    public acceptInvitation<ThrowOnError extends boolean = true>(options: Options<AcceptInvitationData, ThrowOnError>) {
        return (options.client ?? this.client).post<AcceptInvitationResponses, AcceptInvitationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/invitations/accept',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * API keys, without their secrets
     */
    public listApiKeys<ThrowOnError extends boolean = true>(options?: Options<ListApiKeysData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListApiKeysResponses, ListApiKeysErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/api-keys',
            ...options
        });
    }
    
    /**
     * Make a key; it is shown once
     */
    public createApiKey<ThrowOnError extends boolean = true>(options: Options<CreateApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateApiKeyResponses, CreateApiKeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/api-keys',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Revoke a key; the very next request with it is refused
     */
    public revokeApiKey<ThrowOnError extends boolean = true>(options: Options<RevokeApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).delete<RevokeApiKeyResponses, RevokeApiKeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/api-keys/{id}',
            ...options
        });
    }
    
    /**
     * Which mails the signed-in person gets from this account
     */
    public getMailPreferences<ThrowOnError extends boolean = true>(options?: Options<GetMailPreferencesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetMailPreferencesResponses, GetMailPreferencesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/mail-preferences',
            ...options
        });
    }
    
    /**
     * Choose which mails the signed-in person gets from this account
     */
    public putMailPreferences<ThrowOnError extends boolean = true>(options: Options<PutMailPreferencesData, ThrowOnError>) {
        return (options.client ?? this.client).put<PutMailPreferencesResponses, PutMailPreferencesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/mail-preferences',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Stop mails of one kind, by the link that stands in them (RFC 8058)
     */
    public unsubscribe<ThrowOnError extends boolean = true>(options: Options<UnsubscribeData, ThrowOnError>) {
        return (options.client ?? this.client).post<UnsubscribeResponses, UnsubscribeErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/v1/unsubscribe/{token}',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
    
    /**
     * Every event with the schema of its data
     */
    public listEventTypes<ThrowOnError extends boolean = true>(options?: Options<ListEventTypesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListEventTypesResponses, ListEventTypesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhooks/events',
            ...options
        });
    }
    
    /**
     * Where events are sent, newest first
     */
    public listEndpoints<ThrowOnError extends boolean = true>(options?: Options<ListEndpointsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListEndpointsResponses, ListEndpointsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhooks',
            ...options
        });
    }
    
    /**
     * Have events sent to an address; its secret is shown once
     */
    public createEndpoint<ThrowOnError extends boolean = true>(options: Options<CreateEndpointData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateEndpointResponses, CreateEndpointErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhooks',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Remove an endpoint; what waits for it is not sent
     */
    public removeEndpoint<ThrowOnError extends boolean = true>(options: Options<RemoveEndpointData, ThrowOnError>) {
        return (options.client ?? this.client).delete<RemoveEndpointResponses, RemoveEndpointErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhooks/{id}',
            ...options
        });
    }
    
    /**
     * One endpoint
     */
    public getEndpoint<ThrowOnError extends boolean = true>(options: Options<GetEndpointData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetEndpointResponses, GetEndpointErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhooks/{id}',
            ...options
        });
    }
    
    /**
     * Change address or events, switch off or on; on again, it gets what waited
     */
    public updateEndpoint<ThrowOnError extends boolean = true>(options: Options<UpdateEndpointData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UpdateEndpointResponses, UpdateEndpointErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhooks/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Make a new secret; the one before it signs as well for a day
     */
    public rotateEndpointSecret<ThrowOnError extends boolean = true>(options: Options<RotateEndpointSecretData, ThrowOnError>) {
        return (options.client ?? this.client).post<RotateEndpointSecretResponses, RotateEndpointSecretErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhooks/{id}/secret',
            ...options
        });
    }
    
    /**
     * Send a test event
     */
    public testEndpoint<ThrowOnError extends boolean = true>(options: Options<TestEndpointData, ThrowOnError>) {
        return (options.client ?? this.client).post<TestEndpointResponses, TestEndpointErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhooks/{id}/test',
            ...options
        });
    }
    
    /**
     * Send every event of a span once more
     */
    public replayEvents<ThrowOnError extends boolean = true>(options: Options<ReplayEventsData, ThrowOnError>) {
        return (options.client ?? this.client).post<ReplayEventsResponses, ReplayEventsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhooks/{id}/replay',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * What was sent to an endpoint, newest first
     */
    public listDeliveries<ThrowOnError extends boolean = true>(options: Options<ListDeliveriesData, ThrowOnError>) {
        return (options.client ?? this.client).get<ListDeliveriesResponses, ListDeliveriesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhooks/{id}/deliveries',
            ...options
        });
    }
    
    /**
     * One delivery with each request and what was answered
     */
    public getDelivery<ThrowOnError extends boolean = true>(options: Options<GetDeliveryData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetDeliveryResponses, GetDeliveryErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhook-deliveries/{id}',
            ...options
        });
    }
    
    /**
     * Send the event of a delivery once more
     */
    public replayDelivery<ThrowOnError extends boolean = true>(options: Options<ReplayDeliveryData, ThrowOnError>) {
        return (options.client ?? this.client).post<ReplayDeliveryResponses, ReplayDeliveryErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/webhook-deliveries/{id}/replay',
            ...options
        });
    }
    
    /**
     * Every mail that is sent, and when
     */
    public listMailTemplates<ThrowOnError extends boolean = true>(options?: Options<ListMailTemplatesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListMailTemplatesResponses, ListMailTemplatesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/mail-templates',
            ...options
        });
    }
    
    /**
     * A mail as it looks, filled with a sample
     */
    public getMailTemplate<ThrowOnError extends boolean = true>(options: Options<GetMailTemplateData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetMailTemplateResponses, GetMailTemplateErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/mail-templates/{name}',
            ...options
        });
    }
    
    /**
     * Mails and what became of them, newest first
     */
    public listMails<ThrowOnError extends boolean = true>(options?: Options<ListMailsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListMailsResponses, ListMailsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/mails',
            ...options
        });
    }
    
    /**
     * One mail as it is sent, without the links that are secrets
     */
    public getMail<ThrowOnError extends boolean = true>(options: Options<GetMailData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetMailResponses, GetMailErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/mails/{id}',
            ...options
        });
    }
    
    /**
     * Send a mail that failed or was kept after all
     */
    public retryMail<ThrowOnError extends boolean = true>(options: Options<RetryMailData, ThrowOnError>) {
        return (options.client ?? this.client).post<RetryMailResponses, RetryMailErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/mails/{id}/retry',
            ...options
        });
    }
    
    /**
     * All accounts with balance, overage and debt
     */
    public listAccounts<ThrowOnError extends boolean = true>(options?: Options<ListAccountsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListAccountsResponses, ListAccountsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/accounts',
            ...options
        });
    }
    
    /**
     * Create an account with an API key, and start its plan
     */
    public createOperatorAccount<ThrowOnError extends boolean = true>(options: Options<CreateOperatorAccountData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateOperatorAccountResponses, CreateOperatorAccountErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/accounts',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * One account: plan, balance, tax, invoices, credit notes, and how its books are verified
     */
    public getOperatorAccount<ThrowOnError extends boolean = true>(options: Options<GetOperatorAccountData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetOperatorAccountResponses, GetOperatorAccountErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/accounts/{id}',
            ...options
        });
    }
    
    /**
     * Usage records of an account, newest first
     */
    public listOperatorUsage<ThrowOnError extends boolean = true>(options: Options<ListOperatorUsageData, ThrowOnError>) {
        return (options.client ?? this.client).get<ListOperatorUsageResponses, ListOperatorUsageErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/accounts/{id}/usage',
            ...options
        });
    }
    
    /**
     * Make an API key for an account
     */
    public createOperatorKey<ThrowOnError extends boolean = true>(options: Options<CreateOperatorKeyData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateOperatorKeyResponses, CreateOperatorKeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/accounts/{id}/keys',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * All plans with all their versions, on offer or withdrawn
     */
    public listOperatorPlans<ThrowOnError extends boolean = true>(options?: Options<ListOperatorPlansData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListOperatorPlansResponses, ListOperatorPlansErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/plans',
            ...options
        });
    }
    
    /**
     * Publish a new plan
     */
    public publishPlan<ThrowOnError extends boolean = true>(options: Options<PublishPlanData, ThrowOnError>) {
        return (options.client ?? this.client).post<PublishPlanResponses, PublishPlanErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/plans',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Publish a new version of a plan; its subscribers get it at a boundary after a notice, or stay on theirs
     */
    public publishPlanVersion<ThrowOnError extends boolean = true>(options: Options<PublishPlanVersionData, ThrowOnError>) {
        return (options.client ?? this.client).post<PublishPlanVersionResponses, PublishPlanVersionErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/plans/{code}/versions',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Withdraw a plan from offer, or put it on offer; who has it keeps it
     */
    public updateOperatorPlan<ThrowOnError extends boolean = true>(options: Options<UpdateOperatorPlanData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UpdateOperatorPlanResponses, UpdateOperatorPlanErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/plans/{code}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * The last rehearsals, newest first
     */
    public listRehearsals<ThrowOnError extends boolean = true>(options?: Options<ListRehearsalsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListRehearsalsResponses, ListRehearsalsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/rehearsals',
            ...options
        });
    }
    
    /**
     * Rehearse a draft of a plan in the background: what every account would have paid over its last terms
     */
    public createRehearsal<ThrowOnError extends boolean = true>(options: Options<CreateRehearsalData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateRehearsalResponses, CreateRehearsalErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/rehearsals',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * One rehearsal: how far it is, and what it has found
     */
    public getRehearsal<ThrowOnError extends boolean = true>(options: Options<GetRehearsalData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetRehearsalResponses, GetRehearsalErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/rehearsals/{id}',
            ...options
        });
    }
    
    /**
     * Accounts of a rehearsal, by how much more or less they would have paid
     */
    public listRehearsedAccounts<ThrowOnError extends boolean = true>(options: Options<ListRehearsedAccountsData, ThrowOnError>) {
        return (options.client ?? this.client).get<ListRehearsedAccountsResponses, ListRehearsedAccountsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/rehearsals/{id}/accounts',
            ...options
        });
    }
    
    /**
     * All grants of an account, ended or not, newest first
     */
    public listOperatorGrants<ThrowOnError extends boolean = true>(options: Options<ListOperatorGrantsData, ThrowOnError>) {
        return (options.client ?? this.client).get<ListOperatorGrantsResponses, ListOperatorGrantsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/grants',
            ...options
        });
    }
    
    /**
     * Grant credits to an account: a promotion, a purchase or an adjustment
     */
    public grantCredits<ThrowOnError extends boolean = true>(options: Options<GrantCreditsData, ThrowOnError>) {
        return (options.client ?? this.client).post<GrantCreditsResponses, GrantCreditsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/grants',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Take back what is left of a grant
     */
    public voidGrant<ThrowOnError extends boolean = true>(options: Options<VoidGrantData, ThrowOnError>) {
        return (options.client ?? this.client).post<VoidGrantResponses, VoidGrantErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/grants/{id}/void',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Take usage back: overage falls away or becomes customer credit, credits return
     */
    public createCreditNote<ThrowOnError extends boolean = true>(options: Options<CreateCreditNoteData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateCreditNoteResponses, CreateCreditNoteErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/credit-notes',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Who sells, as invoices say it
     */
    public getSeller<ThrowOnError extends boolean = true>(options?: Options<GetSellerData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetSellerResponses, GetSellerErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/seller',
            ...options
        });
    }
    
    /**
     * Set who sells: name, address, tax id, bank, logo, from the next invoice on
     */
    public putSeller<ThrowOnError extends boolean = true>(options: Options<PutSellerData, ThrowOnError>) {
        return (options.client ?? this.client).put<PutSellerResponses, PutSellerErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/seller',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * How an account is taxed
     */
    public getAccountTax<ThrowOnError extends boolean = true>(options: Options<GetAccountTaxData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetAccountTaxResponses, GetAccountTaxErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/accounts/{id}/tax',
            ...options
        });
    }
    
    /**
     * Set how an account is taxed, from its next invoice on
     */
    public putAccountTax<ThrowOnError extends boolean = true>(options: Options<PutAccountTaxData, ThrowOnError>) {
        return (options.client ?? this.client).put<PutAccountTaxResponses, PutAccountTaxErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/accounts/{id}/tax',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * At how much overage on no invoice an interim one is made
     */
    public getInterimInvoicing<ThrowOnError extends boolean = true>(options: Options<GetInterimInvoicingData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetInterimInvoicingResponses, GetInterimInvoicingErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/accounts/{id}/interim-invoicing',
            ...options
        });
    }
    
    /**
     * Set at how much overage on no invoice an interim one is made; runs go on
     */
    public putInterimInvoicing<ThrowOnError extends boolean = true>(options: Options<PutInterimInvoicingData, ThrowOnError>) {
        return (options.client ?? this.client).put<PutInterimInvoicingResponses, PutInterimInvoicingErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/accounts/{id}/interim-invoicing',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * The journal for hledger, beancount or a spreadsheet, streamed
     */
    public exportJournal<ThrowOnError extends boolean = true>(options?: Options<ExportJournalData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ExportJournalResponses, ExportJournalErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/journal',
            ...options
        });
    }
    
    /**
     * What accounts owe and have accrued, by currency and account
     */
    public getExposure<ThrowOnError extends boolean = true>(options?: Options<GetExposureData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetExposureResponses, GetExposureErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/exposure',
            ...options
        });
    }
    
    /**
     * Recognised, deferred, breakage, unbilled and receivable, month by month
     */
    public getRevenue<ThrowOnError extends boolean = true>(options?: Options<GetRevenueData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetRevenueResponses, GetRevenueErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/revenue',
            ...options
        });
    }
    
    /**
     * How far the books are verified, and which accounts are at fault
     */
    public getVerification<ThrowOnError extends boolean = true>(options?: Options<GetVerificationData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetVerificationResponses, GetVerificationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/verify',
            ...options
        });
    }
    
    /**
     * Verify one account from its first transaction on, or all in the background; accept what was found, with a reason
     */
    public verifyBooks<ThrowOnError extends boolean = true>(options?: Options<VerifyBooksData, ThrowOnError>) {
        return (options?.client ?? this.client).post<VerifyBooksResponses, VerifyBooksErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/verify',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * Invoices that nobody has paid, oldest first, with the exposure of their account
     */
    public listUnpaid<ThrowOnError extends boolean = true>(options?: Options<ListUnpaidData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListUnpaidResponses, ListUnpaidErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/unpaid',
            ...options
        });
    }
    
    /**
     * Try to collect an unpaid invoice now
     */
    public collectInvoice<ThrowOnError extends boolean = true>(options: Options<CollectInvoiceData, ThrowOnError>) {
        return (options.client ?? this.client).post<CollectInvoiceResponses, CollectInvoiceErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/invoices/{id}/collect',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * An invoice was paid past the provider, with its reference
     */
    public settleInvoice<ThrowOnError extends boolean = true>(options: Options<SettleInvoiceData, ThrowOnError>) {
        return (options.client ?? this.client).post<SettleInvoiceResponses, SettleInvoiceErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/invoices/{id}/payments',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Give an unpaid invoice up: it is bad debt, and can still be paid
     */
    public writeOffInvoice<ThrowOnError extends boolean = true>(options: Options<WriteOffInvoiceData, ThrowOnError>) {
        return (options.client ?? this.client).post<WriteOffInvoiceResponses, WriteOffInvoiceErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/invoices/{id}/write-off',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Payments of an account, with how much of each can go back
     */
    public listOperatorPayments<ThrowOnError extends boolean = true>(options: Options<ListOperatorPaymentsData, ThrowOnError>) {
        return (options.client ?? this.client).get<ListOperatorPaymentsResponses, ListOperatorPaymentsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/payments',
            ...options
        });
    }
    
    /**
     * Refunds of an account, newest first
     */
    public listRefunds<ThrowOnError extends boolean = true>(options: Options<ListRefundsData, ThrowOnError>) {
        return (options.client ?? this.client).get<ListRefundsResponses, ListRefundsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/refunds',
            ...options
        });
    }
    
    /**
     * Refund to the card: customer credit, a part of an invoice, or what is left of a purchased grant
     */
    public createRefund<ThrowOnError extends boolean = true>(options: Options<CreateRefundData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateRefundResponses, CreateRefundErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/refunds',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Disputed payments of all accounts, newest first
     */
    public listDisputes<ThrowOnError extends boolean = true>(options?: Options<ListDisputesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListDisputesResponses, ListDisputesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/disputes',
            ...options
        });
    }
    
    /**
     * In the sandbox: decide a dispute as its bank would
     */
    public decideDispute<ThrowOnError extends boolean = true>(options: Options<DecideDisputeData, ThrowOnError>) {
        return (options.client ?? this.client).post<DecideDisputeResponses, DecideDisputeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/disputes/{id}/decide',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Move the sandbox clock of one account or of all
     */
    public advanceClock<ThrowOnError extends boolean = true>(options: Options<AdvanceClockData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdvanceClockResponses, AdvanceClockErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/operator/clock',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * In the sandbox: what the play bank asks about
     */
    public getBankQuestion<ThrowOnError extends boolean = true>(options: Options<GetBankQuestionData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetBankQuestionResponses, GetBankQuestionErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/sandbox/charges/{reference}',
            ...options
        });
    }
    
    /**
     * In the sandbox: what the payer tells the play bank
     */
    public answerBank<ThrowOnError extends boolean = true>(options: Options<AnswerBankData, ThrowOnError>) {
        return (options.client ?? this.client).post<AnswerBankResponses, AnswerBankErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/sandbox/charges/{reference}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Stripe says what has happened, in an event that it has signed
     */
    public receiveStripeEvent<ThrowOnError extends boolean = true>(options?: Options<ReceiveStripeEventData, ThrowOnError>) {
        return (options?.client ?? this.client).post<ReceiveStripeEventResponses, ReceiveStripeEventErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/v1/stripe/events',
            ...options
        });
    }
    
    /**
     * The process answers
     */
    public getHealth<ThrowOnError extends boolean = true>(options?: Options<GetHealthData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetHealthResponses, GetHealthErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/healthz',
            ...options
        });
    }
    
    /**
     * What is ready: database, models
     */
    public getReadiness<ThrowOnError extends boolean = true>(options?: Options<GetReadinessData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetReadinessResponses, GetReadinessErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/readyz',
            ...options
        });
    }
}
