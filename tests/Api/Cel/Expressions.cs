using System.Text.Json.Nodes;
using OrleansLb.Api.Cel;

namespace OrleansLb.Api.Tests.Cel;

/// <summary>Short ways to say what an expression comes to.</summary>
internal static class Expressions
{
    public const string True = "true";
    public const string False = "false";

    /// <summary><c>true</c>, <c>false</c>, <c>error: …</c>, or <c>refused: …</c> when the text does not compile.</summary>
    public static string Outcome(string rule, string self = "{}", string? oldSelf = null) =>
        CelRule.Compile(rule, out var error) is not { } compiled
            ? $"refused: {error}"
            : compiled.Evaluate(JsonNode.Parse(self), oldSelf is null ? null : JsonNode.Parse(oldSelf)) switch
            {
                CelOutcome.True => True,
                CelOutcome.False => False,
                CelOutcome.Error failed => $"error: {failed.Message}",
                var other => throw new InvalidOperationException($"unknown outcome {other}"),
            };
}
