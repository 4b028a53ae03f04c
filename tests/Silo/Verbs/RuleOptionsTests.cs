using System.CommandLine;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Silo.Verbs;

namespace OrleansLb.Silo.Tests.Verbs;

public sealed class RuleOptionsTests
{
    [Theory]
    [InlineData("", true, ServiceRules.OwnClass)]
    [InlineData("--lb-class example.com/edge --lb-class metallb", true, $"{ServiceRules.OwnClass} example.com/edge metallb")]
    [InlineData("--default-class false", false, ServiceRules.OwnClass)]
    public void Classes_are_added_to_our_own_and_the_default_may_be_left_to_others(string line, bool servesDefault, string classes)
    {
        var command = new Command("run");
        RuleOptions.AddTo(command);
        var rules = RuleOptions.Of(command.Parse(line));
        Assert.Equal((servesDefault, classes), (rules.ServesDefault, string.Join(' ', rules.Classes)));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("--ignore-exclude-lb", true)]
    public void The_label_that_excludes_nodes_may_be_ignored(string line, bool ignored)
    {
        var command = new Command("run");
        RuleOptions.AddTo(command);
        Assert.Equal(ignored, RuleOptions.Of(command.Parse(line)).IgnoresExclusion);
    }

    [Fact]
    public async Task A_class_that_the_API_would_refuse_is_told()
    {
        var errors = new StringWriter();
        Assert.Equal(ExitCode.Usage,
            await CommandLine.Run(["run", "--lb-class", "example.com/"], new StringWriter(), errors, TestContext.Current.CancellationToken));
        Assert.Contains("'example.com/' is no loadBalancerClass", errors.ToString(), StringComparison.Ordinal);
    }
}
