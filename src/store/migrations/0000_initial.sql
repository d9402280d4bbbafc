CREATE SCHEMA "tocsin";
--> statement-breakpoint
CREATE TABLE "tocsin"."alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"monitor" text NOT NULL,
	"detector" text NOT NULL,
	"chain_id" bigint NOT NULL,
	"address" text NOT NULL,
	"severity" text NOT NULL,
	"title" text NOT NULL,
	"state" text NOT NULL,
	"stage" text NOT NULL,
	"findings" integer NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"block_number" bigint,
	"transaction_hash" text,
	"resolve_at" timestamp with time zone,
	"acknowledged_by" text,
	"acknowledged_at" timestamp with time zone,
	"resolved_at" timestamp with time zone,
	"resolved_because" text,
	"muted_because" text,
	"told" integer DEFAULT 0 NOT NULL,
	"told_at" timestamp with time zone,
	"untold" integer DEFAULT 0 NOT NULL,
	"tell_at" timestamp with time zone DEFAULT 'epoch' NOT NULL,
	"recount_at" bigint
);
--> statement-breakpoint
CREATE TABLE "tocsin"."blindness" (
	"chain_id" bigint NOT NULL,
	"monitor" text NOT NULL,
	"reason" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"since_block" bigint,
	"last_at" timestamp with time zone NOT NULL,
	"blocks" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "blindness_chain_id_monitor_pk" PRIMARY KEY("chain_id","monitor")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."blocks" (
	"chain_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"hash" text NOT NULL,
	"parent_hash" text NOT NULL,
	"timestamp" bigint NOT NULL,
	CONSTRAINT "blocks_chain_id_number_pk" PRIMARY KEY("chain_id","number")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."bridge_legs" (
	"monitor" text NOT NULL,
	"chain_id" bigint NOT NULL,
	"side" text NOT NULL,
	"block_number" bigint NOT NULL,
	"block_hash" text NOT NULL,
	"timestamp" bigint NOT NULL,
	"amount" text NOT NULL,
	"look_at" bigint,
	"finding_id" text,
	"message" text NOT NULL,
	"transaction_hash" text NOT NULL,
	"log_index" integer NOT NULL,
	"position" integer NOT NULL,
	"token" text,
	"recipient" text,
	CONSTRAINT "bridge_legs_monitor_chain_id_side_transaction_hash_position_pk" PRIMARY KEY("monitor","chain_id","side","transaction_hash","position")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."bridge_reads" (
	"monitor" text NOT NULL,
	"chain_id" bigint NOT NULL,
	"since" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"agreed_number" bigint,
	"agreed_to" bigint,
	"awaited_since" timestamp with time zone,
	CONSTRAINT "bridge_reads_monitor_chain_id_pk" PRIMARY KEY("monitor","chain_id")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."bridge_totals" (
	"monitor" text NOT NULL,
	"chain_id" bigint NOT NULL,
	"side" text NOT NULL,
	"block_number" bigint NOT NULL,
	"block_hash" text NOT NULL,
	"timestamp" bigint NOT NULL,
	"amount" text NOT NULL,
	"look_at" bigint,
	"finding_id" text,
	CONSTRAINT "bridge_totals_monitor_chain_id_side_block_number_pk" PRIMARY KEY("monitor","chain_id","side","block_number")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."cursors" (
	"chain_id" bigint NOT NULL,
	"lane" text NOT NULL,
	"block_number" bigint NOT NULL,
	"block_hash" text NOT NULL,
	"timestamp" bigint NOT NULL,
	CONSTRAINT "cursors_chain_id_lane_pk" PRIMARY KEY("chain_id","lane")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."findings" (
	"id" text PRIMARY KEY NOT NULL,
	"alert_id" text NOT NULL,
	"monitor" text NOT NULL,
	"detector" text NOT NULL,
	"chain_id" bigint NOT NULL,
	"severity" text NOT NULL,
	"confidence" text NOT NULL,
	"evidence" text NOT NULL,
	"title" text NOT NULL,
	"address" text NOT NULL,
	"transaction_hash" text,
	"facts" json NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tocsin"."memory" (
	"chain_id" bigint NOT NULL,
	"monitor" text NOT NULL,
	"key" text NOT NULL,
	"value" json NOT NULL,
	CONSTRAINT "memory_chain_id_monitor_key_pk" PRIMARY KEY("chain_id","monitor","key")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."memory_undo" (
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"monitor" text NOT NULL,
	"key" text NOT NULL,
	"value" json,
	CONSTRAINT "memory_undo_chain_id_block_number_monitor_key_pk" PRIMARY KEY("chain_id","block_number","monitor","key")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."messages" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"alert_id" text,
	"kind" text NOT NULL,
	"content" jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"turn" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"last_error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "tocsin"."sightings" (
	"finding_id" text NOT NULL,
	"block_hash" text NOT NULL,
	"chain_id" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"timestamp" bigint NOT NULL,
	"log_index" integer,
	"canonical" boolean DEFAULT true NOT NULL,
	CONSTRAINT "sightings_finding_id_block_hash_pk" PRIMARY KEY("finding_id","block_hash")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."silences" (
	"id" text PRIMARY KEY NOT NULL,
	"match" jsonb NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_alert_per_key" ON "tocsin"."alerts" USING btree ("key") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "open_alerts" ON "tocsin"."alerts" USING btree ("chain_id","state") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "alerts_in_motion" ON "tocsin"."alerts" USING btree ("chain_id","block_number") WHERE stage in ('provisional', 'confirmed');--> statement-breakpoint
CREATE INDEX "alerts_to_tell" ON "tocsin"."alerts" USING btree ("chain_id","tell_at") WHERE state <> 'resolved' and untold > 0;--> statement-breakpoint
CREATE INDEX "alerts_to_resolve" ON "tocsin"."alerts" USING btree ("chain_id","resolve_at") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "alerts_to_recount" ON "tocsin"."alerts" USING btree ("chain_id","recount_at") WHERE recount_at is not null;--> statement-breakpoint
CREATE INDEX "alerts_by_time" ON "tocsin"."alerts" USING btree ("last_seen_at");--> statement-breakpoint
CREATE INDEX "resolved_alerts" ON "tocsin"."alerts" USING btree ("resolved_at") WHERE state = 'resolved';--> statement-breakpoint
CREATE INDEX "bridge_legs_by_message" ON "tocsin"."bridge_legs" USING btree ("monitor","message","side");--> statement-breakpoint
CREATE INDEX "bridge_legs_by_block" ON "tocsin"."bridge_legs" USING btree ("chain_id","block_number");--> statement-breakpoint
CREATE INDEX "bridge_legs_by_time" ON "tocsin"."bridge_legs" USING btree ("monitor","timestamp");--> statement-breakpoint
CREATE INDEX "bridge_legs_to_judge" ON "tocsin"."bridge_legs" USING btree ("monitor","side","look_at") WHERE look_at is not null;--> statement-breakpoint
CREATE INDEX "bridge_totals_by_time" ON "tocsin"."bridge_totals" USING btree ("monitor","side","timestamp","block_number");--> statement-breakpoint
CREATE INDEX "bridge_totals_to_judge" ON "tocsin"."bridge_totals" USING btree ("monitor","side","look_at") WHERE look_at is not null;--> statement-breakpoint
CREATE INDEX "findings_by_alert" ON "tocsin"."findings" USING btree ("alert_id","created_at");--> statement-breakpoint
CREATE INDEX "findings_by_time" ON "tocsin"."findings" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "messages_due" ON "tocsin"."messages" USING btree ("channel","due_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "messages_by_time" ON "tocsin"."messages" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "messages_by_alert" ON "tocsin"."messages" USING btree ("alert_id");--> statement-breakpoint
CREATE INDEX "dead_messages" ON "tocsin"."messages" USING btree ("created_at") WHERE state = 'dead';--> statement-breakpoint
CREATE INDEX "sightings_by_block" ON "tocsin"."sightings" USING btree ("chain_id","block_number");