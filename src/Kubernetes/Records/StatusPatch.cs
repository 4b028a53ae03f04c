using System.Text.Json;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects.OpenElb;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records;

/// <summary>
/// The one patch that brings a Service's status, finalizer and annotation to what they are to be (strategic merge on
/// <c>/status</c>). The uid in it makes it fail on a namesake.
/// </summary>
internal static class StatusPatch
{
    /// <param name="status">What it is to show.</param>
    /// <param name="current">The Service as it is known.</param>
    /// <param name="onlyThen">The API is to refuse the patch if the Service is another by now.</param>
    /// <param name="now">When a condition changes that does.</param>
    public static Patch Write(ServiceStatus status, ServiceObject current, bool onlyThen, DateTimeOffset now) => Build(writer =>
    {
        writer.WriteStartObject("metadata");
        writer.WriteString("uid", status.Uid);
        if (onlyThen) writer.WriteString("resourceVersion", current.Metadata.ResourceVersion);
        WriteMarks(writer, PoolMarks.Of(status, current), current);
        if (status.Finalizer is { } finalizer) WriteTexts(writer, "finalizers", [finalizer]);
        writer.WriteEndObject();
        writer.WriteStartObject("status");
        WriteIngress(writer, status.Addresses);
        writer.WriteStartArray("conditions");
        foreach (var condition in status.Conditions) WriteCondition(writer, condition, Since(condition, current, now));
        foreach (var gone in Gone(status, current)) WriteRemoval(writer, gone);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <param name="uid">The Service that is meant.</param>
    /// <param name="finalizer">The finalizer to take off, if any.</param>
    /// <param name="current">The Service as it is.</param>
    /// <param name="withAddresses">False when the addresses that it shows are no longer ours to remove.</param>
    public static Patch Clear(string uid, string? finalizer, ServiceObject current, bool withAddresses) => Build(writer =>
    {
        writer.WriteStartObject("metadata");
        writer.WriteString("uid", uid);
        WriteRemoval(writer, PoolMarks.Read(current));
        if (finalizer is not null) WriteTexts(writer, "$deleteFromPrimitiveList/finalizers", [finalizer]);
        writer.WriteEndObject();
        writer.WriteStartObject("status");
        if (withAddresses) WriteIngress(writer, []);
        writer.WriteStartArray("conditions");
        foreach (var type in OwnConditions(current).Select(condition => condition.Type).Union([ConditionTypes.AddressAssigned, ConditionTypes.Announced]))
            WriteRemoval(writer, type);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>Conditions of ours that the Service shows and that are of it no more.</summary>
    public static IEnumerable<string> Gone(ServiceStatus status, ServiceObject? current) =>
        current is null ? [] : OwnConditions(current).Select(condition => condition.Type).Except(status.Conditions.Select(condition => condition.Type));

    public static IEnumerable<ConditionObject> OwnConditions(ServiceObject service) =>
        (service.Status?.Conditions ?? []).Where(condition => condition.Type.StartsWith("orleanslb.io/", StringComparison.Ordinal));

    private static Patch Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return Patch.StrategicOf(buffer.WrittenSpan);
    }

    private static void WriteMarks(Utf8JsonWriter writer, PoolMarks marks, ServiceObject? current)
    {
        writer.WriteStartObject("annotations");
        writer.WriteString(ServiceKeys.PoolOutput, marks.Own);
        writer.WriteString(ServiceKeys.MetalLbPoolOutput, marks.MetalLb);
        writer.WriteEndObject();
        if (marks.OpenElb is not null || PoolMarks.Read(current).IsOpenElbWritten) WriteLabel(writer, marks.OpenElb);
    }

    /// <summary>MetalLB's annotation without ours is MetalLB's own.</summary>
    private static void WriteRemoval(Utf8JsonWriter writer, PoolMarks standing)
    {
        writer.WriteStartObject("annotations");
        writer.WriteNull(ServiceKeys.PoolOutput);
        if (standing.Own is not null) writer.WriteNull(ServiceKeys.MetalLbPoolOutput);
        writer.WriteEndObject();
        if (standing.IsOpenElbWritten) WriteLabel(writer, null);
    }

    private static void WriteLabel(Utf8JsonWriter writer, string? pool)
    {
        writer.WriteStartObject("labels");
        writer.WriteString(OpenElbKeys.Pool, pool);
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, ReadOnlySpan<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    // The list is atomic: always whole.
    private static void WriteIngress(Utf8JsonWriter writer, EquatableList<Address> addresses)
    {
        writer.WriteStartObject("loadBalancer");
        if (addresses.Count == 0) writer.WriteNull("ingress");
        else writer.WriteStartArray("ingress");
        foreach (var address in addresses)
        {
            writer.WriteStartObject();
            writer.WriteString("ip", address.ToString());
            writer.WriteEndObject();
        }
        if (addresses.Count > 0) writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteCondition(Utf8JsonWriter writer, ServiceCondition condition, DateTimeOffset since)
    {
        writer.WriteStartObject();
        writer.WriteString("type", condition.Type);
        writer.WriteString("status", condition.Status ? "True" : "False");
        writer.WriteString("lastTransitionTime", since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteString("reason", condition.Reason);
        writer.WriteString("message", condition.Message);
        writer.WriteEndObject();
    }

    private static void WriteRemoval(Utf8JsonWriter writer, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("$patch", "delete");
        writer.WriteString("type", type);
        writer.WriteEndObject();
    }

    private static DateTimeOffset Since(ServiceCondition condition, ServiceObject? current, DateTimeOffset now)
    {
        var standing = current?.Status?.Conditions?.Find(other => other.Type == condition.Type);
        return standing is { LastTransitionTime: { } since } && standing.Status == "True" == condition.Status ? since : now;
    }
}
