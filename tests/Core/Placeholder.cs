namespace OrleansLb.Core.Tests;
