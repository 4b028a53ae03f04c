using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Core;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb.Writing;

/// <summary>Fields of a spec as our dialect reads them. What is as it would be without the field is left out.</summary>
internal static class Fields
{
    public static void Put(this JsonObject spec, string name, JsonNode? value)
    {
        if (value is not (null or JsonObject { Count: 0 } or JsonArray { Count: 0 })) spec[name] = value;
    }

    public static void PutTexts(this JsonObject spec, string name, IEnumerable<string> texts) =>
        spec.Put(name, new JsonArray([.. texts.Select(text => (JsonNode)text)]));

    public static void PutFlag(this JsonObject spec, string name, bool value, bool otherwise = false)
    {
        if (value != otherwise) spec[name] = value;
    }

    public static void PutDuration(this JsonObject spec, string name, TimeSpan? value) => spec.Put(name, value is { } duration ? Text(duration) : null);

    public static void PutSelectors(this JsonObject spec, string name, EquatableList<LabelSelector> selectors) =>
        spec.Put(name, new JsonArray([.. selectors.Select(Selector)]));

    /// <summary>Labels that must be equal as <c>matchLabels</c>, as far as their order is that of such a map; the rest as expressions.</summary>
    public static JsonNode Selector(LabelSelector selector)
    {
        var labels = new JsonObject();
        var at = 0;
        while (at < selector.Requirements.Count && selector.Requirements[at] is { Operator: LabelOperator.In, Values: [var value] } equal
            && (at == 0 || string.CompareOrdinal(selector.Requirements[at - 1].Key, equal.Key) < 0))
        {
            labels[equal.Key] = value;
            at++;
        }
        var written = new JsonObject();
        written.Put("matchLabels", labels);
        written.Put("matchExpressions", new JsonArray([.. selector.Requirements.Skip(at).Select(Expression)]));
        return written;
    }

    private static JsonNode Expression(LabelRequirement requirement)
    {
        var expression = new JsonObject { ["key"] = requirement.Key, ["operator"] = requirement.Operator.ToString() };
        expression.PutTexts("values", requirement.Values);
        return expression;
    }

    private static string Text(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        var (number, unit) = duration.Ticks switch
        {
            var ticks when ticks % TimeSpan.TicksPerHour == 0 => (ticks / TimeSpan.TicksPerHour, "h"),
            var ticks when ticks % TimeSpan.TicksPerMinute == 0 => (ticks / TimeSpan.TicksPerMinute, "m"),
            var ticks when ticks % TimeSpan.TicksPerSecond == 0 => (ticks / TimeSpan.TicksPerSecond, "s"),
            var ticks when ticks % TimeSpan.TicksPerMillisecond == 0 => (ticks / TimeSpan.TicksPerMillisecond, "ms"),
            var ticks => (ticks * TimeSpan.NanosecondsPerTick, "ns"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
    }
}
