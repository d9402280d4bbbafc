DROP INDEX "tocsin"."findings_by_alert";--> statement-breakpoint
DROP INDEX "tocsin"."messages_due";--> statement-breakpoint
ALTER TABLE "tocsin"."alerts" ADD COLUMN "tell_at" timestamp with time zone DEFAULT 'epoch' NOT NULL;--> statement-breakpoint
ALTER TABLE "tocsin"."alerts" ADD COLUMN "recount_at" bigint;--> statement-breakpoint
ALTER TABLE "tocsin"."messages" ADD COLUMN "turn" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "alerts_to_tell" ON "tocsin"."alerts" USING btree ("chain_id","tell_at") WHERE state <> 'resolved' and untold > 0;--> statement-breakpoint
CREATE INDEX "alerts_to_resolve" ON "tocsin"."alerts" USING btree ("chain_id","resolve_at") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "alerts_to_recount" ON "tocsin"."alerts" USING btree ("chain_id","recount_at") WHERE recount_at is not null;--> statement-breakpoint
CREATE INDEX "resolved_alerts" ON "tocsin"."alerts" USING btree ("resolved_at") WHERE state = 'resolved';--> statement-breakpoint
CREATE INDEX "messages_by_time" ON "tocsin"."messages" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "findings_by_alert" ON "tocsin"."findings" USING btree ("alert_id","created_at");--> statement-breakpoint
CREATE INDEX "messages_due" ON "tocsin"."messages" USING btree ("channel","due_at") WHERE state = 'waiting';