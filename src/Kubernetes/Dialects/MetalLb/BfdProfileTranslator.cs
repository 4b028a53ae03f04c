using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.MetalLb;

/// <summary>Translates <c>BFDProfile</c> of metallb.io/v1beta1, whose fields our own dialect has too.</summary>
internal static class BfdProfileTranslator
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan DefaultEchoInterval = TimeSpan.FromMilliseconds(50);
    private const int DefaultMultiplier = 3;

    private static readonly Spelling Resource =
        new("receiveInterval", "transmitInterval", "detectMultiplier", "echoInterval", "echoMode", "passiveMode", "minimumTtl");

    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var profile = Read(source, source.Reference.Name, spec, Resource);
        spec.End();
        return spec.Problems.Conclude(() => [profile]);
    }

    public static BfdProfile Read(ConfigurationObject source, string name, FieldReader spec, Spelling spelling)
    {
        var echo = spec.Milliseconds(spelling.EchoInterval, 10, 60000) ?? DefaultEchoInterval;
        return new BfdProfile(
            source.Reference,
            source.Created,
            name,
            spec.Milliseconds(spelling.ReceiveInterval, 10, 60000) ?? DefaultInterval,
            spec.Milliseconds(spelling.TransmitInterval, 10, 60000) ?? DefaultInterval,
            (int)(spec.Number(spelling.DetectMultiplier, 2, 255) ?? DefaultMultiplier),
            spec.Flag(spelling.EchoMode) ? echo : null,
            spec.Flag(spelling.PassiveMode),
            (int?)spec.Number(spelling.MinimumTtl, 1, 254));
    }

    /// <summary>How a dialect spells the fields.</summary>
    public sealed record Spelling(
        string ReceiveInterval,
        string TransmitInterval,
        string DetectMultiplier,
        string EchoInterval,
        string EchoMode,
        string PassiveMode,
        string MinimumTtl);
}
