using System.CommandLine;
using System.Text.RegularExpressions;
using OrleansLb.Kubernetes.Dialects.Services;

namespace OrleansLb.Silo.Verbs;

/// <summary>
/// The options of <c>run</c>, <c>check</c> and <c>migrate</c> that say which Services are ours, by their <c>spec.loadBalancerClass</c>, and which nodes announce
/// them.
/// </summary>
internal static partial class RuleOptions
{
    private static readonly Option<string[]> Names = new("--lb-class")
    {
        Description = $"A loadBalancerClass to serve besides {ServiceRules.OwnClass}. Repeatable.",
        HelpName = "CLASS",
    };

    private static readonly Option<bool> Default = new("--default-class")
    {
        Description = "Serve Services without a loadBalancerClass too; false leaves them to another load balancer.",
        DefaultValueFactory = _ => true,
    };

    private static readonly Option<bool> IgnoreExclusion = new("--ignore-exclude-lb")
    {
        Description = "Announce from nodes that bear the label node.kubernetes.io/exclude-from-external-load-balancers too.",
    };

    public static void AddTo(Command command)
    {
        foreach (var option in (Option[])[Names, Default, IgnoreExclusion]) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            foreach (var name in (result.GetValue(Names) ?? []).Where(name => !ClassPattern().IsMatch(name)))
            {
                result.AddError($"--lb-class: '{name}' is no loadBalancerClass; write it as Kubernetes does, such as example.com/edge.");
            }
        });
    }

    public static ServiceRules Of(ParseResult parsed) =>
        new([.. (parsed.GetValue(Names) ?? []).Prepend(ServiceRules.OwnClass).Distinct(StringComparer.Ordinal)], parsed.GetValue(Default))
        {
            IgnoresExclusion = parsed.GetValue(IgnoreExclusion),
        };

    /// <summary>A label-style name with or without a DNS prefix, as the API wants classes to be.</summary>
    [GeneratedRegex(@"\A([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex ClassPattern();
}
