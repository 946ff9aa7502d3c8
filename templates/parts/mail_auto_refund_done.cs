<?cs call:p() ?>The refund that the desk made by itself, because the payment <?cs if:reason == "DUPLICATE_PAYMENT" ?>was one too many<?cs else ?>came too late<?cs /if ?>, succeeded.<?cs call:end_p() ?>
<?cs call:facts() ?><?cs call:fact("Amount", amount) ?><?cs call:fact("Order", order_id) ?><?cs call:fact("Payment", txn_id) ?><?cs call:fact("Refund", refund_id) ?><?cs call:fact("Gateway", gateway) ?><?cs call:fact("Reason", reason) ?><?cs call:fact("Created", created) ?><?cs call:fact("By", by) ?><?cs call:fact("Gateway's refund id", ref) ?><?cs call:fact("ARN", arn) ?><?cs call:fact("Error", error_code) ?><?cs call:fact("Message", error_message) ?><?cs call:end_facts() ?>
<?cs call:p() ?><?cs call:todo() ?>Nothing.<?cs call:end_p() ?>
<?cs call:link("Open the refund", link) ?>
